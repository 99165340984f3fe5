package io.posthaste.redis.layout;

import java.util.Locale;

/**
 * How far a change of the number of shards is. The next phase begins when every living gateway acts by this one, so that at
 * any time all act by two neighbours: what these do at once must agree.
 */
public enum Phase {
    /** There is no change. */
    SETTLED,
    /** All serve the shards of both layouts; new jobs and people go by the old one. */
    PREPARING,
    /** The same, and new jobs with an order wait: none may be written by the old layout once others are by the new one. */
    HOLDING,
    /** New jobs go by the new layout. People move: whoever needs one brings them to their new shard first. */
    MOVING,
    /** Everybody is where they belong. Lines that went on where they were come to their end. */
    FINISHING;

    /** As {@code posthaste:meta} has it. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@link #SETTLED} for whatever is no phase. */
    static Phase of(String text) {
        for (Phase phase : values()) {
            if (phase.text().equals(text)) {
                return phase;
            }
        }
        return SETTLED;
    }

    /** What follows; of the last one the first. */
    public Phase next() {
        return switch (this) {
            case SETTLED -> PREPARING;
            case PREPARING -> HOLDING;
            case HOLDING -> MOVING;
            case MOVING -> FINISHING;
            case FINISHING -> SETTLED;
        };
    }
}
