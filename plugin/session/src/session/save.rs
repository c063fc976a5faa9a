//! What an instance saves, and how it comes back.
