"""Texts of the system's messages by class/number, English and German; what a logon language sees (sap sheet §7)."""

from __future__ import annotations

#: `{0}` and so on are the message's variables. A missing German text shows the English one, as untranslated texts do.
_TEXTS: dict[str, tuple[str, str]] = {
    # the framework
    "/IWBEP/CM_MGW_RT/020": ("Resource not found for segment '{0}'", "Ressource für Segment '{0}' nicht gefunden"),
    "/IWFND/MED/170": ("No service found for namespace '{0}', name '{1}', version '{2}'", ""),
    "/IWFND/CM_CONSUMER/101": ("No authorization to access service '{0}'", "Keine Berechtigung für Service '{0}'"),
    "/IWFND/CM_MGW/096": ("Resource not found for the segment '{0}'", ""),
    "/IWFND/CM_MGW/010": ("Malformed URI literal syntax at position {0} in '{1}'", ""),
    "/IWFND/CM_MGW/011": ("Property '{0}' not found in type '{1}'", ""),
    "/IWFND/CM_MGW/012": ("Property '{0}' of type '{1}' cannot be filtered", ""),
    "/IWFND/CM_MGW/013": ("Property '{0}' of type '{1}' cannot be sorted", ""),
    "/IWFND/CM_MGW/014": ("Operand types of '{0}' do not fit: {1} and {2}", ""),
    "/IWFND/CM_MGW/015": ("Function '{0}' is not supported", ""),
    "/IWFND/CM_MGW/016": ("Invalid key predicate for type '{0}'", ""),
    "/IWFND/CM_MGW/017": ("Invalid system query option '{0}': '{1}'", ""),
    "/IWFND/CM_MGW/018": ("System query option '{0}' is not allowed here", ""),
    "/IWFND/CM_MGW/019": ("Navigation property '{0}' is selected but not expanded", ""),
    "/IWFND/CM_MGW/020": ("The skip token does not belong to this query", ""),
    "/IWFND/CM_MGW/021": ("Method '{0}' is not allowed for '{1}'", "Methode '{0}' für '{1}' nicht erlaubt"),
    "/IWFND/CM_MGW/022": ("The request body is not readable: {0}", ""),
    "/IWFND/CM_MGW/023": ("Property '{0}' has invalid value '{1}'", "Eigenschaft '{0}' hat ungültigen Wert '{1}'"),
    "/IWFND/CM_MGW/024": ("Value of property '{0}' is longer than {1} characters", ""),
    "/IWFND/CM_MGW/025": ("Property '{0}' is read-only", ""),
    "/IWFND/CM_MGW/026": ("Nested data of '{0}' is not allowed in an update", ""),
    "/IWFND/CM_MGW/027": ("Key property '{0}' does not match the addressed entity", ""),
    "/IWFND/CM_MGW/028": ("Media type '{0}' is not supported", "Medientyp '{0}' wird nicht unterstützt"),
    "/IWFND/CM_MGW/029": ("Format '{0}' is not supported", ""),
    "/IWFND/CM_MGW/030": ("Parameter '{0}' of the function import is missing", ""),
    "/IWFND/CM_BEC/026": ("Malformed batch request: {0}", ""),
    "/IWBEP/CM_MGW_RT/053": ("Change set may contain one business object only: '{0}' and '{1}'", ""),
    "SADL_ENTITY_RUNTIME/006": ("Precondition required for action in entity CDS~{0} (If-Match missing)", ""),
    "SADL_ENTITY_RUNTIME/007": ("Precondition failed: entity CDS~{0} was changed by another user", ""),
    # purchasing
    "ME/006": ("User {0} already processing {1} {2}", "Benutzer {0} bearbeitet bereits {1} {2}"),
    "ME/083": ("Enter {0}", "Bitte {0} eingeben"),
    "ME/013": ("{0} {1} does not exist", "{0} {1} ist nicht vorhanden"),
    "ME/027": (
        "Supplier {0} not yet created for purchasing organization {1}",
        "Lieferant {0} in Einkaufsorganisation {1} noch nicht angelegt",
    ),
    "06/023": ("Supplier {0} does not exist", "Lieferant {0} ist nicht vorhanden"),
    "06/024": ("Supplier {0} is blocked for purchasing", "Lieferant {0} ist für den Einkauf gesperrt"),
    "06/025": ("Plant {0} does not belong to company code {1}", "Werk {0} gehört nicht zum Buchungskreis {1}"),
    "06/026": ("Document type {0} is not supported", "Belegart {0} wird nicht unterstützt"),
    "06/027": ("Number {0} is not in the range for external numbers", ""),
    "06/028": ("{0} {1} already exists", "{0} {1} ist bereits vorhanden"),
    "06/029": ("Item category {0} is not supported", "Positionstyp {0} wird nicht unterstützt"),
    "06/030": ("Net price must be greater than 0", "Nettopreis muss größer als 0 sein"),
    "06/031": ("Quantities of the schedule lines ({0}) differ from the order quantity ({1})", ""),
    "06/032": ("Item {0} has been deleted", "Position {0} ist gelöscht"),
    "06/033": ("Item {0} cannot be deleted: goods receipt exists", "Position {0}: Wareneingang vorhanden"),
    "06/034": ("Quantity {0} is less than the quantity already delivered ({1})", ""),
    "06/035": ("{0} cannot be changed any more", "{0} ist nicht mehr änderbar"),
    "06/036": ("Amount {0} has more decimals than currency {1} allows", ""),
    "06/040": ("Can delivery date be met?", "Kann der Liefertermin realisiert werden?"),
    "06/041": ("Item {0} must keep a schedule line", ""),
    "06/042": ("Document contains no items", "Beleg enthält keine Positionen"),
    "06/436": (
        "In case of account assignment, please enter acc. assignment data for item",
        "Bei Kontierung bitte Kontierungsdaten zur Position angeben",
    ),
    "06/437": ("Account assignment category {0} is not supported", ""),
    "06/043": ("Item {0}: an invoice was posted for it", "Position {0}: Rechnung vorhanden"),
    # goods movements
    "M7/001": ("Check table {0}: entry {1} does not exist", "Tabelle {0}: Eintrag {1} ist nicht vorhanden"),
    "M7/021": ("Deficit of {0} {1} {2} {3}", "Unterschreitung von {0} {1} {2} {3}"),
    "M7/022": ("Document {0} has already been reversed", "Beleg {0} ist bereits storniert"),
    "M7/023": ("Movement type {0} is not supported here", "Bewegungsart {0} wird hier nicht unterstützt"),
    "M7/024": ("PO quantity exceeded by {0} {1}", "Bestellmenge um {0} {1} überschritten"),
    "M7/025": ("Material {0} of the receipt is not that of order item {1}", ""),
    "M7/026": ("Purchase order {0} is not released", "Bestellung {0} ist nicht freigegeben"),
    "M7/053": ("Posting only possible in open periods; {0} lies in the future", ""),
    # invoices
    "M8/001": ("Balance not zero: {0} debits: {1} credits: {2}", "Saldo ungleich Null: {0} Soll: {1} Haben: {2}"),
    "M8/108": ("Check if invoice already entered under number {0}", "Bitte prüfen: Rechnung {0} bereits erfasst"),
    "M8/223": ("Invoice {0} has already been reversed", "Rechnung {0} ist bereits storniert"),
    "M8/224": ("Invoice {0} is posted and can only be reversed", ""),
    "M8/504": ("Quantity invoiced greater than goods receipt quantity", "Fakturierte Menge größer als gelieferte"),
    # sales
    "V1/042": ("{0} {1} is not defined", "{0} {1} ist nicht definiert"),
    "V1/045": ("{0} {1} is not defined in sales area {2} {3} {4}", "{0} {1} im Vertriebsbereich nicht angelegt"),
    "V1/048": ("Customer {0} is blocked for sales orders", "Kunde {0} ist für Aufträge gesperrt"),
    "V1/050": ("Sales order {0} cannot be deleted: a delivery exists", "Auftrag {0}: Lieferung vorhanden"),
    "V1/051": ("Please enter {0}", "Bitte {0} eingeben"),
    "BM/302": ("Unit {0} is not created in language {1}", "Einheit {0} ist in der Sprache {1} nicht angelegt"),
    "M3/305": ("Material {0} does not exist", "Material {0} ist nicht vorhanden"),
    "M3/351": ("Material {0} not maintained in plant {1}", "Material {0} im Werk {1} nicht gepflegt"),
    "M3/352": ("Material {0} is marked for deletion", "Material {0} ist zum Löschen vorgemerkt"),
    # master data
    "R1/111": ("Required field {0} is empty", "Mussfeld {0} ist leer"),
    "R1/112": ("{0} {1} is not defined", "{0} {1} ist nicht definiert"),
}


def text_of(code: str, args: tuple[object, ...], language: str) -> str:
    """Write a message in a language; an unknown code has its first variable as text."""
    english, german = _TEXTS.get(code, ("{0}", ""))
    return (german if language == "DE" and german else english).format(*(args or ("",)))
