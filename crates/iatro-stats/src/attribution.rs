//! Attribution of reports among the possible causes that stand on them.
