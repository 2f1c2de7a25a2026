"""The bundled trial `infant`: simulated infants treated by a risk-stratified protocol."""
