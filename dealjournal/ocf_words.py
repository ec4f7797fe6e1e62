"""The words of Open Cap Format: its kinds of files and objects, and what an object must have.

Written from a reading of its public schema, version 1.2.1. A field is told as ``name:form``; ``!``
marks those that must be there, ``?`` stands for a form that is not looked into.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

VERSION = "1.2.1-alpha+main"
"""The version of the schema that was read, and that is written."""
MANIFEST = "OCF_MANIFEST_FILE"
FILES: Mapping[str, str] = {
    "stock_plans_files": "OCF_STOCK_PLANS_FILE",
    "stock_legend_templates_files": "OCF_STOCK_LEGEND_TEMPLATES_FILE",
    "stock_classes_files": "OCF_STOCK_CLASSES_FILE",
    "vesting_terms_files": "OCF_VESTING_TERMS_FILE",
    "valuations_files": "OCF_VALUATIONS_FILE",
    "transactions_files": "OCF_TRANSACTIONS_FILE",
    "stakeholders_files": "OCF_STAKEHOLDERS_FILE",
    "financings_files": "OCF_FINANCINGS_FILE",
    "documents_files": "OCF_DOCUMENTS_FILE",
}
"""What a manifest calls its lists of files, and the kind of those files."""
MUST_LIST = tuple(name for name in FILES if name not in {"financings_files", "documents_files"})
"""The lists that every manifest has, empty or not."""
KINDS: Mapping[str, str] = {
    "STOCK_PLAN": "OCF_STOCK_PLANS_FILE",
    "STOCK_LEGEND_TEMPLATE": "OCF_STOCK_LEGEND_TEMPLATES_FILE",
    "STOCK_CLASS": "OCF_STOCK_CLASSES_FILE",
    "VESTING_TERMS": "OCF_VESTING_TERMS_FILE",
    "VALUATION": "OCF_VALUATIONS_FILE",
    "STAKEHOLDER": "OCF_STAKEHOLDERS_FILE",
    "FINANCING": "OCF_FINANCINGS_FILE",
    "DOCUMENT": "OCF_DOCUMENTS_FILE",
}
"""In which kind of file an object stands that is no transaction."""
TRANSACTIONS = "OCF_TRANSACTIONS_FILE"

Form = Literal["text", "id", "ids", "date", "number", "money", "ratio", "?"]

_OBJECT = "id:id! object_type:text! comments:?"
_TRANSACTION = f"{_OBJECT} date:date!"
_SECURITY = f"{_TRANSACTION} security_id:id!"
_ISSUE = (
    f"{_SECURITY} custom_id:text! stakeholder_id:id! board_approval_date:date "
    "stockholder_approval_date:date consideration_text:text security_law_exemptions:?!"
)
_VESTING = "vesting_terms_id:id vestings:?"
_RETRACTION = f"{_SECURITY} reason_text:text!"
_CANCELLATION = f"{_SECURITY} reason_text:text! balance_security_id:id"
_TRANSFER = (
    f"{_SECURITY} consideration_text:text balance_security_id:id resulting_security_ids:ids!"
)
_EXERCISE = f"{_SECURITY} consideration_text:text resulting_security_ids:ids!"
_APPROVED = "board_approval_date:date stockholder_approval_date:date"

OBJECTS: Mapping[str, str] = {
    "ISSUER": (
        f"{_OBJECT} legal_name:text! formation_date:date! country_of_formation:text! dba:text "
        "country_subdivision_of_formation:text country_subdivision_name_of_formation:text "
        "tax_ids:? email:? phone:? address:? initial_shares_authorized:text"
    ),
    "STAKEHOLDER": (
        f"{_OBJECT} name:?! stakeholder_type:text! issuer_assigned_id:text current_relationship:? "
        "current_relationships:? current_status:? primary_contact:? contact_info:? addresses:? "
        "tax_ids:?"
    ),
    "STOCK_CLASS": (
        f"{_OBJECT} name:text! class_type:text! default_id_prefix:text! {_APPROVED} "
        "initial_shares_authorized:text! votes_per_share:number! seniority:number! "
        "par_value:money price_per_share:money conversion_rights:? "
        "liquidation_preference_multiple:number participation_cap_multiple:number"
    ),
    "STOCK_LEGEND_TEMPLATE": f"{_OBJECT} name:text! text:text!",
    "STOCK_PLAN": (
        f"{_OBJECT} plan_name:text! initial_shares_reserved:number! {_APPROVED} "
        "default_cancellation_behavior:text stock_class_id:id stock_class_ids:ids"
    ),
    "VALUATION": (
        f"{_OBJECT} price_per_share:money! effective_date:date! valuation_type:text! "
        f"stock_class_id:id! provider:text {_APPROVED}"
    ),
    "VESTING_TERMS": (
        f"{_OBJECT} name:text! description:text! allocation_type:text! vesting_conditions:?!"
    ),
    "FINANCING": f"{_OBJECT} name:text! issuance_ids:ids! date:date!",
    "DOCUMENT": f"{_OBJECT} md5:text! path:text uri:text related_objects:?",
    "CE_STAKEHOLDER_RELATIONSHIP": (
        f"{_TRANSACTION} stakeholder_id:id! relationship_started:text relationship_ended:text"
    ),
    "CE_STAKEHOLDER_STATUS": f"{_TRANSACTION} stakeholder_id:id! new_status:text!",
    "TX_ISSUER_AUTHORIZED_SHARES_ADJUSTMENT": (
        f"{_TRANSACTION} issuer_id:id! new_shares_authorized:number! {_APPROVED}"
    ),
    "TX_STOCK_CLASS_AUTHORIZED_SHARES_ADJUSTMENT": (
        f"{_TRANSACTION} stock_class_id:id! new_shares_authorized:number! {_APPROVED}"
    ),
    "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT": (
        f"{_TRANSACTION} stock_class_id:id! new_ratio_conversion_mechanism:?!"
    ),
    "TX_STOCK_CLASS_SPLIT": f"{_TRANSACTION} stock_class_id:id! split_ratio:ratio!",
    "TX_STOCK_PLAN_POOL_ADJUSTMENT": (
        f"{_TRANSACTION} stock_plan_id:id! shares_reserved:number! {_APPROVED}"
    ),
    "TX_STOCK_PLAN_RETURN_TO_POOL": (
        f"{_SECURITY} stock_plan_id:id! quantity:number! reason_text:text!"
    ),
    "TX_CONVERTIBLE_ACCEPTANCE": _SECURITY,
    "TX_EQUITY_COMPENSATION_ACCEPTANCE": _SECURITY,
    "TX_STOCK_ACCEPTANCE": _SECURITY,
    "TX_WARRANT_ACCEPTANCE": _SECURITY,
    "TX_CONVERTIBLE_CANCELLATION": f"{_CANCELLATION} amount:money!",
    "TX_EQUITY_COMPENSATION_CANCELLATION": f"{_CANCELLATION} quantity:number!",
    "TX_STOCK_CANCELLATION": f"{_CANCELLATION} quantity:number!",
    "TX_WARRANT_CANCELLATION": f"{_CANCELLATION} quantity:number!",
    "TX_CONVERTIBLE_CONVERSION": (
        f"{_SECURITY} resulting_security_ids:ids! reason_text:text! trigger_id:id! "
        "quantity_converted:number balance_security_id:id capitalization_definition:?"
    ),
    "TX_STOCK_CONVERSION": (
        f"{_SECURITY} resulting_security_ids:ids! quantity_converted:number! balance_security_id:id"
    ),
    "TX_EQUITY_COMPENSATION_EXERCISE": f"{_EXERCISE} quantity:number!",
    "TX_WARRANT_EXERCISE": f"{_EXERCISE} trigger_id:id!",
    "TX_CONVERTIBLE_ISSUANCE": (
        f"{_ISSUE} convertible_type:text! investment_amount:money! conversion_triggers:?! "
        "seniority:?! pro_rata:number"
    ),
    "TX_EQUITY_COMPENSATION_ISSUANCE": (
        f"{_ISSUE} compensation_type:text! quantity:number! expiration_date:?! "
        f"termination_exercise_windows:?! {_VESTING} stock_plan_id:id stock_class_id:id "
        "option_grant_type:text exercise_price:money base_price:money early_exercisable:?"
    ),
    "TX_STOCK_ISSUANCE": (
        f"{_ISSUE} stock_class_id:id! share_price:money! quantity:number! stock_legend_ids:ids! "
        f"{_VESTING} stock_plan_id:id share_numbers_issued:? cost_basis:money issuance_type:text"
    ),
    "TX_WARRANT_ISSUANCE": (
        f"{_ISSUE} exercise_triggers:?! purchase_price:money! quantity:number exercise_price:money "
        f"warrant_expiration_date:date {_VESTING} quantity_source:text"
    ),
    "TX_STOCK_REISSUANCE": (
        f"{_SECURITY} resulting_security_ids:ids! split_transaction_id:id reason_text:text"
    ),
    "TX_STOCK_CONSOLIDATION": (
        f"{_TRANSACTION} security_ids:ids! resulting_security_id:id! reason_text:text"
    ),
    "TX_STOCK_REPURCHASE": (
        f"{_SECURITY} price:money! quantity:number! consideration_text:text balance_security_id:id"
    ),
    "TX_EQUITY_COMPENSATION_RELEASE": (
        f"{_SECURITY} settlement_date:date! release_price:money! quantity:number! "
        "resulting_security_ids:ids! consideration_text:text"
    ),
    "TX_EQUITY_COMPENSATION_REPRICING": f"{_SECURITY} new_exercise_price:money!",
    "TX_CONVERTIBLE_RETRACTION": _RETRACTION,
    "TX_EQUITY_COMPENSATION_RETRACTION": _RETRACTION,
    "TX_STOCK_RETRACTION": _RETRACTION,
    "TX_WARRANT_RETRACTION": _RETRACTION,
    "TX_CONVERTIBLE_TRANSFER": f"{_TRANSFER} amount:money!",
    "TX_EQUITY_COMPENSATION_TRANSFER": f"{_TRANSFER} quantity:number!",
    "TX_STOCK_TRANSFER": f"{_TRANSFER} quantity:number!",
    "TX_WARRANT_TRANSFER": f"{_TRANSFER} quantity:number!",
    "TX_VESTING_ACCELERATION": f"{_SECURITY} quantity:number! reason_text:text!",
    "TX_VESTING_EVENT": f"{_SECURITY} vesting_condition_id:id!",
    "TX_VESTING_START": f"{_SECURITY} vesting_condition_id:id!",
}
"""Every kind of object, and its fields."""
OLDER = ("TX_PLAN_SECURITY_", "TX_EQUITY_COMPENSATION_")
"""How an older version calls what is granted to employees, and how it is called since."""
IN_LINES = frozenset(
    {
        "ISSUER",
        "STAKEHOLDER",
        "STOCK_CLASS",
        "STOCK_PLAN",
        "TX_STOCK_CLASS_CONVERSION_RATIO_ADJUSTMENT",
        "TX_STOCK_CLASS_SPLIT",
        "TX_STOCK_PLAN_POOL_ADJUSTMENT",
        "TX_STOCK_PLAN_RETURN_TO_POOL",
        "TX_STOCK_REISSUANCE",
        "TX_STOCK_CONSOLIDATION",
        "TX_STOCK_REPURCHASE",
        "TX_EQUITY_COMPENSATION_RELEASE",
        *(
            f"TX_{what}_{how}"
            for what in ("CONVERTIBLE", "EQUITY_COMPENSATION", "STOCK", "WARRANT")
            for how in (
                "CANCELLATION",
                "CONVERSION",
                "EXERCISE",
                "ISSUANCE",
                "RETRACTION",
                "TRANSFER",
            )
        ),
    }
)
"""Kinds of objects that change who holds what: each becomes an entry."""


def known_as(object_type: str) -> str:
    """Return the name of a kind of object in the version that is written."""
    return object_type.replace(*OLDER) if object_type.startswith(OLDER[0]) else object_type


def fields_of(object_type: str) -> dict[str, tuple[str, bool]]:
    """Return the fields of a kind of object: what form each has, and whether it must be there."""
    found = {}
    for field in OBJECTS[object_type].split():
        name, _, form = field.partition(":")
        found[name] = form.removesuffix("!"), form.endswith("!")
    return found
