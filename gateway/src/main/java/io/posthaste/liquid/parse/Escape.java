package io.posthaste.liquid.parse;

/** What outputs do to a value, so that it cannot break the text around it. */
public enum Escape {
    /** Nothing: the template's author sees to it. */
    NONE,
    /**
     * The text is JSON. Inside a string in quotes, a value's text is escaped; outside, the value is written as JSON,
     * quotes included. What a JSON filter wrote is left as it is.
     */
    JSON
}
