"""What an organisation's books start with: chart of accounts, tax rates, a branding theme, by country."""

from __future__ import annotations

from decimal import Decimal

from sandbox.xero.values import Doc, new_id

_USUAL_TAX = {
    "NZ": ("OUTPUT2", "15% GST on Income", Decimal(15)),
    "GB": ("OUTPUT2", "20% (VAT on Income)", Decimal(20)),
    "AU": ("OUTPUT", "GST on Income", Decimal(10)),
}
_NO_TAX = ("OUTPUT", "Tax on Sales", Decimal(0))
VERSIONS = {"NZ": "NZ", "GB": "UK", "AU": "AU", "US": "US"}
"""Organisation.Version by country; everywhere else it is GLOBAL."""

_ACCOUNTS = (
    # code, name, type, class, payments may be made to it, system account
    ("090", "Business Account", "BANK", "ASSET", True, ""),
    ("200", "Sales", "REVENUE", "REVENUE", False, ""),
    ("210", "Discounts Allowed", "REVENUE", "REVENUE", True, ""),
    ("260", "Other Revenue", "REVENUE", "REVENUE", False, ""),
    ("404", "Bank Fees", "EXPENSE", "EXPENSE", False, ""),
    ("420", "Bad Debts", "EXPENSE", "EXPENSE", True, ""),
    ("429", "General Expenses", "EXPENSE", "EXPENSE", False, ""),
    ("610", "Accounts Receivable", "CURRENT", "ASSET", False, "DEBTORS"),
    ("800", "Accounts Payable", "CURRLIAB", "LIABILITY", False, "CREDITORS"),
)


def usual_tax(country: str) -> tuple[str, str, Decimal]:
    """Tax type, name and per cent of an ordinary sale in this country."""
    return _USUAL_TAX.get(country, _NO_TAX)


def accounts(currency: str) -> list[Doc]:
    """A chart of accounts: one bank account, revenue, what fees, discounts and write-offs need, the two ledgers."""
    made = []
    for code, name, type_, class_, takes_payments, system in _ACCOUNTS:
        account: Doc = {
            "AccountID": new_id(),
            "Code": code,
            "Name": name,
            "Status": "ACTIVE",
            "Type": type_,
            "TaxType": "NONE",
            "Class": class_,
            "EnablePaymentsToAccount": takes_payments,
            "ShowInExpenseClaims": False,
            "BankAccountType": "",
            "ReportingCode": class_[:3],
            "HasAttachments": False,
        }
        if type_ == "BANK":
            account |= {"BankAccountNumber": "0102030040500600", "BankAccountType": "BANK", "CurrencyCode": currency}
        if system:
            account["SystemAccount"] = system
        made.append(account)
    return made


def tax_rates(country: str, percent: Decimal | None) -> list[Doc]:
    """The usual sales tax, its purchases twin, and no tax."""
    tax_type, name, usual = usual_tax(country)
    rate = usual if percent is None else percent
    purchases = tax_type.replace("OUTPUT", "INPUT")
    return [
        _rate(tax_type, name, rate, report="OUTPUT"),
        _rate(purchases, name.replace("Income", "Expenses").replace("Sales", "Purchases"), rate, report="INPUT"),
        _rate("ZERORATEDOUTPUT", "Zero Rated Income", Decimal(0), report="OUTPUT"),
        _rate("NONE", "No Tax", Decimal(0), report="NONE"),
    ]


def _rate(tax_type: str, name: str, percent: Decimal, report: str) -> Doc:
    rate = percent.quantize(Decimal("0.0001"))
    return {
        "Name": name,
        "TaxType": tax_type,
        "ReportTaxType": report,
        "CanApplyToAssets": True,
        "CanApplyToEquity": True,
        "CanApplyToExpenses": True,
        "CanApplyToLiabilities": True,
        "CanApplyToRevenue": True,
        "DisplayTaxRate": rate,
        "EffectiveRate": rate,
        "Status": "ACTIVE",
        "TaxComponents": [{"Name": "Tax", "Rate": rate, "IsCompound": False, "IsNonRecoverable": False}],
    }
