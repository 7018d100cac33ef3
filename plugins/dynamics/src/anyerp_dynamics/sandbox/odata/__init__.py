"""The OData V4 room shared by the two Dynamics sandboxes: schema, queries, JSON, metadata, batches; no product rules.

A product writes a `Schema` and a `Dialect`, keeps rows as dicts and answers a call like this::

    segments(path)                                  # [Segment("vendors", "id")]
    options = read_options(query, entity_type, schema, dialect)
    chosen = choose(rows, options, entity_type, schema, dialect, follow)
    rows, more = chosen.window(options.skip, options.top, page_size)
    writer = Writer(schema, root, wanted_format(accept), etag=..., follow=...)
    dump_json(writer.collection(entity_set, rows, options, count=..., next_link=...))
    body = read_body(load_json(content), entity_type, schema)    # body.values, body.nested
    read_key(segment.key, entity_type, schema)      # {"id": "..."}
    metadata(schema)                                # EDMX bytes
    run_multipart(read_multipart(call), handle, begin);  run_json_batch(read_json_batch(call, root), handle, begin)

Every refusal is an `ODataError` with a `kind`, which the product turns into its own status, code and text.
"""

from .batch import ChangeSet, Operation, count
from .dialect import STANDARD, Dialect
from .edmx import metadata
from .error import ODataError
from .etag import matches, unwrap, weak
from .evaluate import Compiler, Follow
from .expression import Binary, Expression, Function, Lambda, Literal, Many, Path, Unary, fields, walk
from .json_batch import read_json_batch, run_json_batch
from .literal import key_text, literal_text, read_key
from .multipart import read_multipart, run_multipart
from .negotiate import Format, preferences, require_json, wanted_format
from .option import Options, pairs, read_options
from .page import Chosen, choose
from .parser import parse_filter, parse_orderby
from .path import Segment, segments, split_target
from .payload import Writer
from .schema import Action, EntitySet, EntityType, EnumType, Navigation, Property, Row, Schema
from .value import Body, read_body, read_value

__all__ = [
    "STANDARD", "Action", "Binary", "Body", "ChangeSet", "Chosen", "Compiler", "Dialect", "EntitySet",
    "EntityType", "EnumType", "Expression", "Follow", "Format", "Function", "Lambda", "Literal", "Many",
    "Navigation", "ODataError", "Operation", "Options", "Path", "Property", "Row", "Schema", "Segment", "Unary",
    "Writer", "choose", "count", "fields", "key_text", "literal_text", "matches", "metadata", "pairs",
    "parse_filter", "parse_orderby", "preferences", "read_body", "read_json_batch", "read_key",
    "read_multipart", "read_options", "read_value", "require_json", "run_json_batch", "run_multipart",
    "segments", "split_target", "unwrap", "walk", "wanted_format", "weak",
]  # fmt: skip
