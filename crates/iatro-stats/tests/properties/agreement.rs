//! Agreement between raters: kappa.
