package io.posthaste.queue.reshape;

/** The order of ids of stream entries. */
final class StreamIds {
    private StreamIds() {}

    /** Whether the first is not after the second. What is no id comes before all. */
    static boolean isUpTo(String first, String second) {
        int byTime = Long.compareUnsigned(part(first, 0), part(second, 0));
        return byTime < 0 || (byTime == 0 && Long.compareUnsigned(part(first, 1), part(second, 1)) <= 0);
    }

    private static long part(String id, int place) {
        String[] parts = id.split("-", 2);
        try {
            return place < parts.length ? Long.parseUnsignedLong(parts[place]) : 0;
        } catch (NumberFormatException noId) {
            return 0;
        }
    }
}
