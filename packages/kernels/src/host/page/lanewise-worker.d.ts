// The script of a thread has no exports.
export {};
