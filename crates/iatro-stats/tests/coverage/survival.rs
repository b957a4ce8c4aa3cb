//! Survival: Kaplan-Meier, Aalen-Johansen, log-rank, Cox.
