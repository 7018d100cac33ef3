"""What a connection does: reading any model, writing orders and parties."""
