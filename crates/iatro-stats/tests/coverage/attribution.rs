//! Attribution among possible causes.
