"""Every table, by noun. Importing this module is what tells SQLModel of all of them."""

from store.tables.alerts import OwnerAlert
from store.tables.books import (
    Allocation,
    ContactPerson,
    CreditNote,
    Customer,
    Invoice,
    Payment,
    SetAsideRecord,
    SyncCursor,
)
from store.tables.budgets import CallBudget
from store.tables.checks import BooksCheck
from store.tables.company import Company, Connection, StoredTokens
from store.tables.decisions import (
    AccountState,
    Action,
    ActionInvoice,
    ContactEvent,
    Decision,
    DiscountOffer,
    FeeCharge,
    FeeWaiver,
    PolicyVersion,
    Run,
    Task,
)
from store.tables.logos import Logo
from store.tables.papers import KeptPaper
from store.tables.people import AuditEntry, Invitation, Membership, OAuthRequest, User, WebhookDelivery
from store.tables.privacy import ErasedCustomer
from store.tables.programs import ApiKey, WebhookEndpoint, WebhookMessage
from store.tables.remarks import Remark, SavedView
from store.tables.uploads import Upload, UploadedBooks, UploadedRecord
from store.tables.wishes import (
    CustomerWish,
    FormerPromise,
    InvoiceWish,
    PaymentPlan,
    PlanPart,
    PromiseOutcome,
    ReturnedPayment,
)
from store.tables.wordings import Wording

__all__ = [
    "AccountState",
    "Action",
    "ActionInvoice",
    "Allocation",
    "ApiKey",
    "AuditEntry",
    "BooksCheck",
    "CallBudget",
    "Company",
    "Connection",
    "ContactEvent",
    "ContactPerson",
    "CreditNote",
    "Customer",
    "CustomerWish",
    "Decision",
    "DiscountOffer",
    "ErasedCustomer",
    "FeeCharge",
    "FeeWaiver",
    "FormerPromise",
    "Invitation",
    "Invoice",
    "InvoiceWish",
    "KeptPaper",
    "Logo",
    "Membership",
    "OAuthRequest",
    "OwnerAlert",
    "Payment",
    "PaymentPlan",
    "PlanPart",
    "PolicyVersion",
    "PromiseOutcome",
    "Remark",
    "ReturnedPayment",
    "Run",
    "SavedView",
    "SetAsideRecord",
    "StoredTokens",
    "SyncCursor",
    "Task",
    "Upload",
    "UploadedBooks",
    "UploadedRecord",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookMessage",
    "Wording",
]
