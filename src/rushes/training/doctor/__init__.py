"""The run doctor: executable checks of data, model and run. `diagnose(open_patient(recipe, folder))`."""

from rushes.training.doctor.finding import Finding
from rushes.training.doctor.patient import Patient, open_patient
from rushes.training.doctor.report import diagnose

__all__ = ["Finding", "Patient", "diagnose", "open_patient"]
