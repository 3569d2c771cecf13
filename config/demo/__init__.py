"""A made-up partnership with a year of learning, that went down the same road as real learning."""

from config.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD, has_demo, may_load_demo

__all__ = ["DEMO_ACCOUNTS", "DEMO_PASSWORD", "has_demo", "may_load_demo"]
