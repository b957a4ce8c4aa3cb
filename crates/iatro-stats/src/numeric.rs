//! Numerical methods that several estimators share: roots, minima, small linear systems, streams of
//! random numbers. Nothing here knows what is estimated.

pub(crate) mod deviance;
pub(crate) mod linear;
pub(crate) mod maximise;
pub(crate) mod random;
pub(crate) mod root;
