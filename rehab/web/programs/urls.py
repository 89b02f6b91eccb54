"""The addresses of programmes and what stands around them."""

from django.urls import path

from rehab.web.programs import around, pages, templates, writing

_TEMPLATE = "program-templates/<uuid:template_id>/"
_ITEM = "programs/<uuid:program_id>/items/<uuid:item_id>/"
urlpatterns = [
    path("patients/<uuid:patient_id>/programs/", pages.programs, name="programs"),
    path("patients/<uuid:patient_id>/programs/new/", writing.program_new, name="program-new"),
    path("patients/<uuid:patient_id>/excuse/", around.excusal_new, name="excusal-new"),
    path("patients/<uuid:patient_id>/checklists/<slug:checklist>/", around.checklist, name="checklist"),
    path("programs/<uuid:program_id>/edit/", writing.program_edit, name="program-edit"),
    path("programs/<uuid:program_id>/end/", writing.program_end, name="program-end"),
    path("programs/<uuid:program_id>/template/", templates.template_save, name="program-template-save"),
    path("programs/<uuid:program_id>/items/new/", writing.item_new, name="program-item-new"),
    path(_ITEM, pages.item, name="program-item"),
    path(f"{_ITEM}edit/", writing.item_edit, name="program-item-edit"),
    path(f"{_ITEM}end/", writing.item_end, name="program-item-end"),
    path("program-templates/", templates.templates, name="program-templates"),
    path(f"{_TEMPLATE}edit/", templates.template_edit, name="program-template-edit"),
    path(f"{_TEMPLATE}items/new/", templates.template_item_new, name="program-template-item-new"),
    path(f"{_TEMPLATE}items/<int:number>/edit/", templates.template_item_edit, name="program-template-item-edit"),
    path(f"{_TEMPLATE}items/<int:number>/remove/", templates.template_item_remove, name="program-template-item-remove"),
    path(f"{_TEMPLATE}retire/", templates.template_retire, name="program-template-retire"),
    path("excusals/<uuid:excusal_id>/withdraw/", around.excusal_withdraw, name="excusal-withdraw"),
]
