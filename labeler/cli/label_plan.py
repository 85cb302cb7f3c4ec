"""What a dry run says of very many papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labeler.cli.command import Run, counted
from labeler.cli.papers import say_notes

if TYPE_CHECKING:
    from labeler.flows.label_many import LabelManyRequest


def tell_plan(run: Run, request: LabelManyRequest) -> None:
    """Say what would be labelled by which model, and where the labels would go."""
    from labeler.flows.label_many import label_many_plan

    plan = label_many_plan(run.models, request, run.workspace_if_any)
    papers = "the papers" if plan.papers is None else counted(plan.papers, "paper")
    goes_on = " It would go on with what an earlier run has labelled." if plan.goes_on else ""
    text = (
        f"Would label {papers} of {counted(plan.files, 'file')} by {plan.version.label}, in "
        f"{counted(plan.parts, 'part')}, and write the labels to {request.output}.{goes_on} Which topics they get only "
        "the labelling tells."
    )
    say_notes(run, plan.notes)
    record = {"model": plan.version.label, "files": plan.files, "parts": plan.parts, "papers": plan.papers}
    run.done({**record, "goes_on": plan.goes_on, "output": request.output}, text)
