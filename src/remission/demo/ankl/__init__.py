"""The bundled cohort `ankl`: simulated transplants for aggressive NK-cell leukaemia."""
