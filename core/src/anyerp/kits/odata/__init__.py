"""OData: literals and codecs of both versions, query options, paging, errors, CSRF tokens."""
