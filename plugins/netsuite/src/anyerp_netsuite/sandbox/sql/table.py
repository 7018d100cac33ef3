"""The tables of SuiteQL: names, columns, and which columns have a label for `BUILTIN.DF` (netsuite sheet §4)."""

from __future__ import annotations

#: Suffix of the hidden column that holds a column's label.
LABEL = "__df"

_AFFINITY = {"i": "INTEGER", "n": "REAL", "t": "TEXT", "d": "TEXT", "b": "TEXT"}


def _columns(text: str) -> dict[str, str]:
    """`name:kind` words. Kinds: i id or count, n number, t text, d date, b T or F; a `*` marks a label."""
    return dict(word.split(":") for word in text.split())


_ADDRESS = "nkey:i addressee:t attention:t addr1:t addr2:t addr3:t city:t state:t zip:t country:t* addrphone:t"

TABLES: dict[str, dict[str, str]] = {
    "transaction": _columns(
        "id:i transactionnumber:t tranid:t type:t* recordtype:t abbrevtype:t memo:t trandate:d status:t* createddate:d "
        "lastmodifieddate:d duedate:d closedate:d currency:i* entity:i* exchangerate:n foreigntotal:n "
        "total:n terms:i* employee:i* approvalstatus:i* nextapprover:i* externalid:t otherrefnum:t billingaddress:i "
        "shippingaddress:i posting:b voided:b custbody2:t custbody_is_expense_po:b custbody_purchase_order_type:i* "
        "custbody_report_timestamp:t custbody_link_so:t* custbody_requestor:t* custbody_carrier_ref:t"
    ),
    "transactionbillingaddress": _columns(_ADDRESS),
    "transactionshippingaddress": _columns(_ADDRESS),
    "entityaddress": _columns(_ADDRESS),
    "subsidiarymainaddress": _columns(_ADDRESS),
    "locationmainaddress": _columns(_ADDRESS),
    "transactionline": _columns(
        "id:i transaction:i uniquekey:i linesequencenumber:i mainline:b taxline:b iscogs:b isinventoryaffecting:b "
        "item:i* itemtype:t entity:i* expenseaccount:i* memo:t quantity:n quantityshiprecv:n quantitybilled:n rate:n "
        "foreignamount:n foreignamountpaid:n foreignamountunpaid:n netamount:n amount:n units:i* location:i* "
        "department:i* class:i* subsidiary:i* createdfrom:i* "
        "isclosed:b isfullyshipped:b isbillable:b matchbilltoreceipt:b expectedreceiptdate:d expectedshipdate:d "
        "linelastmodifieddate:d "
        "accountinglinetype:t transactionlinetype:t custcol_project:t custcol_est_delivery_date:d "
        "custcol_scm_track_landed_cost:b"
    ),
    "transactionaccountingline": _columns(
        "transaction:i transactionline:i accountingbook:i* account:i* amount:n debit:n credit:n netamount:n "
        "exchangerate:n posting:b"
    ),
    "vendor": _columns(
        "id:i entityid:t companyname:t legalname:t altname:t isperson:b firstname:t lastname:t email:t phone:t fax:t "
        "url:t comments:t isinactive:b currency:i* terms:i* category:i* accountnumber:t expenseaccount:i* "
        "payablesaccount:i* incoterm:i* creditlimit:n balance:n defaultbillingaddress:i datecreated:d "
        "lastmodifieddate:d externalid:t custentity_risk_class:t"
    ),
    "customer": _columns(
        "id:i entityid:t companyname:t altname:t isperson:b firstname:t lastname:t email:t phone:t fax:t url:t "
        "comments:t isinactive:b currency:i* terms:i* accountnumber:t receivablesaccount:i* parent:i* creditlimit:n "
        "defaultbillingaddress:i datecreated:d lastmodifieddate:d externalid:t custentity_segment:t"
    ),
    "employee": _columns(
        "id:i entityid:t firstname:t lastname:t email:t isinactive:b department:i* subsidiary:i* supervisor:i*"
    ),
    "entity": _columns(
        "id:i type:t entityid:t altname:t entitytitle:t isperson:b firstname:t lastname:t email:t phone:t isinactive:b "
        "vendor:i* customer:i* employee:i* datecreated:d lastmodifieddate:d externalid:t"
    ),
    "vendorsubsidiaryrelationship": _columns("id:i entity:i* subsidiary:i* isprimarysub:b"),
    "item": _columns(
        "id:i itemid:t fullname:t displayname:t itemtype:t description:t purchasedescription:t upccode:t mpn:t "
        "vendorname:t isinactive:b department:i* class:i* location:i* cost:n averagecost:n "
        "lastpurchaseprice:n unitstype:i* purchaseunit:i* saleunit:i* stockunit:i* assetaccount:i* expenseaccount:i* "
        "incomeaccount:i* createddate:d lastmodifieddate:d externalid:t "
        "custitem_hs_code:t"
    ),
    "itemvendor": _columns("item:i* vendor:i* purchaseprice:n vendorcode:t preferredvendor:b"),
    "location": _columns(
        "id:i name:t fullname:t parent:i* subsidiary:t isinactive:b makeinventoryavailable:b usebins:b locationtype:i* "
        "mainaddress:i tranprefix:t lastmodifieddate:d externalid:t"
    ),
    "subsidiary": _columns(
        "id:i name:t fullname:t legalname:t parent:i* currency:i* country:t* state:t federalidnumber:t email:t url:t "
        "isinactive:b iselimination:b mainaddress:i tranprefix:t lastmodifieddate:d externalid:t"
    ),
    "currency": _columns(
        "id:i name:t symbol:t displaysymbol:t currencyprecision:i exchangerate:n isbasecurrency:b isinactive:b "
        "lastmodifieddate:d externalid:t"
    ),
    "term": _columns(
        "id:i name:t daysuntilnetdue:i daysuntilexpiry:i discountpercent:n dayofmonthnetdue:i preferred:b isinactive:b "
        "lastmodifieddate:d externalid:t"
    ),
    "account": _columns(
        "id:i acctnumber:t fullname:t accountsearchdisplayname:t accttype:t description:t currency:i* parent:i* "
        "isinactive:b issummary:b lastmodifieddate:d externalid:t"
    ),
    "department": _columns("id:i name:t fullname:t parent:i* isinactive:b lastmodifieddate:d externalid:t"),
    "classification": _columns("id:i name:t fullname:t parent:i* isinactive:b lastmodifieddate:d externalid:t"),
    "unitstype": _columns("id:i name:t isinactive:b lastmodifieddate:d externalid:t"),
    "unitstypeuom": _columns(
        "internalid:i unitstype:i* unitname:t pluralname:t abbreviation:t pluralabbreviation:t "
        "conversionrate:n baseunit:b"
    ),
    "inventoryitemlocations": _columns(
        "item:i* location:i* quantityonhand:n quantityavailable:n quantityonorder:n quantityintransit:n "
        "quantitycommitted:n reorderpoint:n preferredstocklevel:n"
    ),
    "aggregateitemlocation": _columns(
        "item:i* location:i* quantityonhand:n quantityavailable:n quantityonorder:n quantityintransit:n "
        "quantitycommitted:n"
    ),
    "inventorybalance": _columns(
        "item:i* location:i* quantityonhand:n quantityavailable:n quantitypicked:n committedqtyperlocation:n"
    ),
    "transactionstatus": _columns("id:t trantype:t name:t fullname:t"),
    "previoustransactionlinelink": _columns(
        "previousdoc:i* previousline:i previoustype:t nextdoc:i* nextline:i nexttype:t linktype:t lastmodifieddate:d"
    ),
    "nexttransactionlinelink": _columns(
        "previousdoc:i* previousline:i previoustype:t nextdoc:i* nextline:i nexttype:t linktype:t lastmodifieddate:d"
    ),
    "deletedrecord": _columns("recordid:i recordtypeid:i name:t type:t deleteddate:d iscustomrecord:b"),
    "dual": _columns("dummy:t"),
}

#: Columns and hidden label columns by table.
COLUMNS: dict[str, frozenset[str]] = {
    name: frozenset(columns) | {column + LABEL for column, kind in columns.items() if kind.endswith("*")}
    for name, columns in TABLES.items()
}

#: Columns that people look for and SuiteQL does not have; the answer says so in other words than for a typing error.
NOT_EXPOSED = {("transaction", "createdfrom"), ("transaction", "subsidiary"), ("transaction", "location")}

#: The permission that shows a table, where it is not the table's own name; None: always there.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    "unitstypeuom": ("unitstype",),
    "vendorsubsidiaryrelationship": ("vendor",),
    "itemvendor": ("item",),
    "subsidiarymainaddress": ("subsidiary",),
    "locationmainaddress": ("location",),
    "transactionline": ("transaction",),
    "transactionbillingaddress": ("transaction",),
    "transactionshippingaddress": ("transaction",),
    "transactionaccountingline": ("transaction",),
}


def ddl(name: str) -> str:
    """The statement that makes a table, labels included."""
    parts = []
    for column, kind in TABLES[name].items():
        parts.append(f"[{column}] {_AFFINITY[kind[0]]}")
        if kind.endswith("*"):
            parts.append(f"[{column}{LABEL}] TEXT")
    return f"CREATE TABLE [{name}] ({', '.join(parts)})"


def labelled(name: str, column: str) -> bool:
    """Whether `BUILTIN.DF` of a column says something else than the column."""
    return TABLES.get(name, {}).get(column, "").endswith("*")


def is_date(column: str) -> bool:
    """Whether any table has a date or timestamp column of that name."""
    return any(columns.get(column) == "d" for columns in TABLES.values())
