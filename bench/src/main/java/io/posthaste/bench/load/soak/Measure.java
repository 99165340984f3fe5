package io.posthaste.bench.load.soak;

/** What must not grow, and how much growth over the time looked at is put down to chance. */
public enum Measure {
    LIVE_HEAP("live heap", Unit.BYTES, 0.10, 3 << 20),
    /** Classes and compiled code. */
    NON_HEAP("classes and code", Unit.BYTES, 0.08, 4 << 20),
    /** With what Netty allocates, which no counter of the JVM knows. */
    RESIDENT("resident memory", Unit.BYTES, 0.035, 24 << 20),
    FILES("open files", Unit.COUNT, 0.15, 60),
    THREADS("threads", Unit.COUNT, 0.0, 3),
    REDIS_MEMORY("Redis memory", Unit.BYTES, 0.10, 4 << 20),
    REDIS_KEYS("Redis keys", Unit.COUNT, 0.10, 30),
    /** As it was after it was last written anew. */
    FILE_BASE("append-only file, rewritten", Unit.BYTES, 0.10, 4 << 20),
    /** It grows until it is written anew, many times in the time looked at. */
    FILE("append-only file", Unit.BYTES, 0.15, 16 << 20);

    /** How it is written. */
    public enum Unit {
        BYTES("%,.1f MiB", 1 << 20),
        COUNT("%,.0f", 1);

        private final String format;
        private final double one;

        Unit(String format, double one) {
            this.format = format;
            this.one = one;
        }

        String text(double value) {
            return format.formatted(value / one);
        }
    }

    private final String title;
    private final Unit unit;
    private final double share;
    private final double least;

    Measure(String title, Unit unit, double share, double least) {
        this.title = title;
        this.unit = unit;
        this.share = share;
        this.least = least;
    }

    String title() {
        return title;
    }

    Unit unit() {
        return unit;
    }

    /** Whether it is Redis', which outlives the gateways. */
    boolean isOfRedis() {
        return compareTo(REDIS_MEMORY) >= 0;
    }

    /** How much more of it at the end is put down to chance when it is usually this. */
    double tolerated(double usually) {
        return Math.max(least, share * usually);
    }
}
