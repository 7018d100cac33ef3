"""What ERPs call the fields of the unified model: phrases of lower-case words, the most telling first."""

from __future__ import annotations

import re

#: By unified field. A phrase matches a property whose words are the same, with or without the entity's own name.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "number": ("number", "no", "code", "document number", "tran id", "order number", "reference number", "item number"),
    "version": ("version", "etag", "odata etag", "revision", "row version"),
    "created_at": ("created at", "creation date time", "created date time", "date created", "created"),
    "updated_at": (
        "updated at", "last change date time", "modified date time", "last modified date time", "last modified date",
        "last modified", "changed on date time", "modified at", "modified", "updated", "changed", "changed at",
    ),
    "name": ("name", "display name", "full name", "organization name", "search name", "description"),
    "legal_name": ("legal name", "organization bp name"),
    "company": ("company", "company code", "legal entity", "legal entity id", "subsidiary", "data area id"),
    "vendor": (
        "vendor", "supplier", "vendor number", "supplier number", "vendor id", "supplier id", "entity",
        "order vendor account number", "vendor account number", "creditor",
    ),
    "customer": ("customer", "sold to party", "customer number", "customer id", "ordering customer account number"),
    "vendor_reference": ("vendor reference", "supplier quotation", "vendor order reference", "your reference",
                         "vendor order number", "correspnc external reference"),
    "external_reference": ("external reference", "external id", "external document number", "our reference", "our ref",
                           "correspnc internal reference", "customer reference"),
    "order_date": ("order date", "purchase order date", "document date", "tran date", "accounting date", "date"),
    "currency": ("currency", "document currency", "currency code", "transaction currency", "iso currency"),
    "exchange_rate": ("exchange rate", "currency factor"),
    "payment_terms": ("payment terms", "terms", "payment term", "payment terms name", "payment terms id",
                      "payment terms code"),
    "incoterms": ("incoterms", "incoterms classification", "delivery terms", "delivery terms id", "incoterm"),
    "incoterms_location": ("incoterms location", "incoterms location1", "incoterms transfer location"),
    "buyer": ("buyer", "purchasing group", "purchaser", "purchaser code", "orderer personnel number"),
    "requester": ("requester", "requester personnel number", "requisitioner name", "requested by"),
    "notes": ("notes", "memo", "comment", "comments", "remarks", "document header text"),
    "total_excl_tax": ("total excl tax", "net amount", "total amount excluding tax", "subtotal", "total net amount"),
    "total_tax": ("total tax", "tax amount", "total tax amount", "tax total"),
    "total_incl_tax": ("total incl tax", "total amount including tax", "total", "gross amount", "total amount"),
    "item": ("item", "article", "material", "product", "item number", "item id", "product number",
            "material number", "sku"),
    "vendor_item_number": ("vendor item number", "supplier material number", "supplier part number", "vendor sku"),
    "description": ("description", "text", "purchase order item text", "line description", "item text", "long text"),
    "quantity": ("quantity", "order quantity", "ordered quantity", "ordered purchase quantity",
                 "requested quantity", "ordered sales quantity", "qty"),
    "native_unit": ("unit", "purchase order quantity unit", "purchase unit symbol", "unit of measure",
                    "unit of measure code", "base unit", "uom", "units", "quantity unit"),
    "unit_price": ("unit price", "net price amount", "purchase price", "price", "rate", "direct unit cost",
                "unit cost"),
    "price_quantity": ("price quantity", "net price quantity", "purchase price quantity", "price unit"),
    "discount_percent": ("discount percent", "line discount percentage", "discount percentage"),
    "amount": ("amount", "line amount", "net amount", "amount excluding tax"),
    "tax_code": ("tax code", "vat code", "sales tax group code", "tax group"),
    "requested_date": ("requested date", "schedule line delivery date", "requested delivery date", "delivery date",
                       "expected receipt date", "due date"),
    "confirmed_date": ("confirmed date", "confirmed delivery date", "confirmed shipping date", "promised date",
                       "promised receipt date"),
    "location": ("location", "plant", "warehouse", "receiving site", "site", "location code", "location id"),
    "account": ("account", "gl account", "main account", "ledger account", "account number"),
    "quantity_received": ("quantity received", "received quantity", "qty received", "received"),
    "quantity_billed": ("quantity billed", "invoiced quantity", "quantity invoiced", "billed quantity"),
    "tax_number": ("tax number", "vat no", "vat id", "tax id", "vat registration", "tax number1",
            "tax registration number", "vat number",
                   "vat registration number", "tax exempt number"),
    "email": ("email", "mail", "email address", "e mail", "primary email address", "primary contact email"),
    "phone": ("phone", "phone number", "telephone", "telephone number", "primary contact phone"),
    "website": ("website", "url", "web site", "primary url", "home page", "website url"),
    "url": ("url", "link", "href", "web url", "deep link"),
    "group": ("group", "account group", "vendor group", "vendor group id", "supplier account group", "product group",
              "material group", "item category", "category"),
    "gtin": ("gtin", "ean", "upc", "upc code", "product standard id", "barcode"),
    "status": ("status", "purchase order status", "order status", "document status", "state"),
    "approved_at": ("approved at", "approval date time", "approved date time"),
    "street": ("street", "street name", "address line1", "address line 1", "line1"),
    "city": ("city", "city name", "town"),
    "postal_code": ("postal code", "zip", "zip code", "post code"),
    "region": ("region", "state", "province", "county"),
    "country": ("country", "country code", "country region id", "country iso code"),
    "lines": ("lines", "items", "purchase order lines", "purchase order item", "order lines", "positions", "rows"),
}  # fmt: skip


def words(name: str) -> tuple[str, ...]:
    """A property's name as words: `PurchaseOrderDate`, `purchase_order_date` and `purchase-order-date` alike."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return tuple(part.lower() for part in re.split(r"[^A-Za-z0-9]+", spaced) if part)


def phrases(field: str) -> list[tuple[str, ...]]:
    """The phrases that mean a unified field, its own name first."""
    told = (" ".join(field.split("_")), *SYNONYMS.get(field, ()))
    return [tuple(phrase.split()) for phrase in dict.fromkeys(told)]


def closeness(field: str, path: str, entity: str) -> int:
    """How well a property's name means a field, 0 for not at all; the entity's own name in front counts for less."""
    names = [words(step) for step in path.split("/")]
    # `tax/code` may mean the code of the tax; `address/city` the city.
    candidates = [(names[-1], 1), (tuple(part for step in names for part in step), 3)]
    own = words(entity)
    best = 0
    for rank, phrase in enumerate(phrases(field)):
        for spoken, weight in candidates:
            for cut, penalty in ((spoken, 0), (_behind(spoken, own), 1)):
                if cut == phrase and len(names) <= 2:
                    best = max(best, 1000 * weight - 200 * penalty - rank)
    return best


def _behind(spoken: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """A property's words without the entity's name before them (`PurchaseOrderDate` of a purchase order: `date`)."""
    for size in range(len(own), 0, -1):
        for start in range(len(own) - size + 1):
            if spoken[:size] == own[start : start + size] and len(spoken) > size:
                return spoken[size:]
    return ()
