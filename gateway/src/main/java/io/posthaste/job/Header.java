package io.posthaste.job;

/** One HTTP header field; names are compared without case. */
public record Header(String name, String value) {}
