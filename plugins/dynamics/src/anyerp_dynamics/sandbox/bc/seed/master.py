"""Master data of the seed, one line a record; amounts as text, read as exact decimals."""

from __future__ import annotations

UNITS = """
PCS Piece EA
BOX Box BX
KG Kilogram KGM
L Litre LTR
M Metre MTR
HOUR Hour HUR
PALLET Pallet PF
"""

PAYMENT_TERMS = """
COD|Cash on delivery|0D||0
14 DAYS|Net 14 days|14D||0
30 DAYS|Net 30 days|30D||0
1M(8D)|1 month/2% 8 days|1M|8D|2
"""

PAYMENT_METHODS = "BANK|Bank transfer\nCHECK|Check payment"
SHIPMENT_METHODS = "EXW|Ex Works\nDAP|Delivered at Place\nCIF|Cost Insurance and Freight"

#: code, name, symbol, decimals, worth of one in US dollars.
CURRENCIES = """
USD|US dollar|$|2|1
EUR|Euro|€|2|1.10
GBP|Pound sterling|£|2|1.25
JPY|Japanese yen|¥|0|0.0068
KWD|Kuwaiti dinar|د.ك|3|3.25
TND|Tunisian dinar|د.ت|3|0.32
"""

TAX_GROUPS = "FURNITURE|Taxable goods|8.25\nFOOD|Reduced rate|2\nNONTAXABLE|Not taxable|0"
ITEM_CATEGORIES = "CHAIR|Office Chairs\nDESK|Office Desks\nRAW|Raw material\nSUPPLY|Supplies"

ACCOUNTS = """
10100|Checking account|Assets|Posting
22100|Accounts Payable, Domestic|Liabilities|Posting
40000|INCOME|Income|Heading
61300|Freight and Haulage|Expense|Posting
64200|Office Supplies|Expense|Posting
65300|Repairs and Maintenance|Expense|Posting
"""

LOCATIONS = """
MAIN|Main warehouse|12 Harbor Way|Seattle|WA|98101|US
EAST|East warehouse|900 Market St|Boston|MA|02110|US
ÖST|Lager Øst + Süd|Hafenstraße 7|Hamburg||20457|DE
OUT. LOG.|Outsourced logistics|3 Dock Rd|Houston|TX|77002|US
"""

#: number, name, street, city, country, postal code, currency, terms, tax liable, blocked.
VENDORS = """
10000|Fabrikam, Inc.|10 North Lake Avenue|Atlanta|US|31772|USD|30 DAYS|yes|_x0020_
20000|First Up Consultants|100 Day Drive|Chicago|US|61236|USD|30 DAYS|no|_x0020_
30000|Bärlauch & Söhne GmbH|Königstraße 18|München|DE|80331|EUR|1M(8D)|no|_x0020_
40000|東京精密工業株式会社|1-2-3 Marunouchi|東京|JP|100-0005|JPY|14 DAYS|no|_x0020_
50000|شركة الخليج للتجارة|Fahad Al-Salem St|Kuwait City|KW|13001|KWD|30 DAYS|no|_x0020_
60000|Société Tunisienne d'Électricité|38 rue Kemal|Tunis|TN|1080|TND|30 DAYS|no|_x0020_
70000|O'Reilly & "Sons" Ltd.|Quay Road 5|Galway|IE|H91 X2Y3|EUR|14 DAYS|no|_x0020_
80000|Wide World Importers|51 Radcroft Road|Atlanta|US|31772|USD|30 DAYS|yes|Payment
90000|Litware, Inc.|8 Closed Lane|Miami|US|37125|USD|30 DAYS|yes|All
"""

#: number, name, type, street, city, country, postal code, currency, terms, blocked.
CUSTOMERS = """
10000|Adatum Corporation|Company|192 Market Square|Atlanta|US|31772|USD|1M(8D)|_x0020_
20000|Trey Research|Company|153 Thomas Drive|Chicago|US|61236|USD|14 DAYS|_x0020_
30000|Müller Möbelhaus|Company|Ringstraße 1|Berlin|DE|10115|EUR|30 DAYS|_x0020_
40000|Zoë Nakamura|Person|21 Hill Street|Seattle|US|98101|USD|COD|_x0020_
50000|Relecloud|Company|10 Deerfield Road|Miami|US|37125|USD|14 DAYS|Ship
"""

#: number, name, type, category, unit, other units, cost, price, tax group, stock, blocked.
ITEMS = """
1896-S|ATHENS Desk|Inventory|DESK|PCS|PALLET:12|506.60|649.40|FURNITURE|24|no
1900-S|PARIS Guest Chair, black|Inventory|CHAIR|PCS|BOX:4|97.50|125.10|FURNITURE|112|no
1908-S|LONDON Swivel Chair, blue|Inventory|CHAIR|PCS||96.10|123.30|FURNITURE|64|no
2000|Ölfilter Größe 3|Inventory|SUPPLY|PCS|BOX:10|4.3333|7.95|FURNITURE|300|no
2010|Hydraulic oil ISO 46|Inventory|RAW|L|PALLET:1000|2.155|3.80|FURNITURE|1250.5|no
2020|Steel sheet 2 mm|Inventory|RAW|KG||1.27|1.90|NONTAXABLE|4800|no
2030|Cable NYM-J 3x1.5|Inventory|SUPPLY|M||0.4125|0.85|FURNITURE|900|no
2040|Café en grains "Noir"|Inventory|SUPPLY|KG|BOX:6|11.40|19.90|FOOD|36|no
3000|Installation|Service||HOUR||45|90|NONTAXABLE|0|no
3010|Printed manual|Non_x002D_Inventory||PCS||3.20|0|NONTAXABLE|0|no
1999|Old model|Inventory|CHAIR|PCS||10|12|FURNITURE|2|yes
"""

VARIANTS = "1900-S|BLACK|Black\n1900-S|RED|Red leather\n2000|L|Large"

DIMENSIONS = "DEPARTMENT|Department\nPROJECT|Project\nAREA|Area"
DIMENSION_VALUES = """
DEPARTMENT|ADM|Administration
DEPARTMENT|PROD|Production
DEPARTMENT|SALES|Sales
PROJECT|P-100|Plant extension
PROJECT|P-200|Büroumbau
AREA|30|North America
"""


def records(table: str, separator: str | None = "|") -> list[list[str]]:
    """Give a table's lines as lists of fields."""
    return [line.split(separator) for line in table.strip().splitlines()]
