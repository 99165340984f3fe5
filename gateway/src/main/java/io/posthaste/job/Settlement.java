package io.posthaste.job;

/** A lease and what became of it: the unit that is settled. */
public record Settlement(Lease lease, Outcome outcome) {}
