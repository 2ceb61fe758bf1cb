"""Run unattended: one company, once, is `run`; who runs when is `clockwork`.

`run.run_company` is the main line of the whole product: claim, sync, decide, record, perform, report.
"""
