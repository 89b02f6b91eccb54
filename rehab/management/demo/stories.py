"""All stories, the demo patient first."""

from rehab.management.demo import central, disuse, muscle, nerve, neuron, short
from rehab.management.demo.shapes import Story

STORIES: tuple[Story, ...] = (
    central.STROKE,
    disuse.FRACTURE,
    nerve.CAUDA_EQUINA,
    central.SPINAL_CORD,
    nerve.GUILLAIN_BARRE,
    nerve.BRACHIAL_PLEXUS,
    muscle.MYASTHENIA,
    neuron.MOTOR_NEURON,
    disuse.SARCOPENIA,
    neuron.DIABETIC,
    muscle.DUCHENNE,
    neuron.POLIO,
)

#: Those whose care is over, or has only begun.
SHORT: tuple[Story, ...] = (short.DISCHARGED, short.SILENT, short.SKIPPING)

EVERYBODY = (*STORIES, *SHORT)
