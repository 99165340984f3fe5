package io.posthaste.bench.load.soak;

import java.util.Arrays;
import java.util.List;

/**
 * Where a figure goes that is read again and again: the slope of Theil and Sen, which is the median of the slopes
 * between any two readings. Up to a quarter of the readings may be anything without moving it far.
 *
 * @param first median of the first third
 * @param last median of the last third
 * @param middle median of all
 * @param perSecond the slope
 * @param seconds from the first reading to the last
 */
public record Trend(double first, double last, double middle, double perSecond, double seconds) {
    /** The slopes between more readings than these would be too many: neighbours are put together. */
    private static final int MOST_POINTS = 300;

    /** A reading of a figure, so many seconds after the start. */
    public record Reading(double seconds, double value) {}

    /** Of three readings at least, in their order. */
    static Trend of(List<Reading> readings) {
        List<Reading> points = gathered(readings);
        int third = points.size() / 3;
        return new Trend(
                median(values(points.subList(0, third))),
                median(values(points.subList(points.size() - third, points.size()))),
                median(values(points)),
                slope(points),
                readings.getLast().seconds() - readings.getFirst().seconds());
    }

    /** What the slope makes of the time that was looked at. */
    double drift() {
        return perSecond * seconds;
    }

    private static List<Reading> gathered(List<Reading> readings) {
        int together = (readings.size() + MOST_POINTS - 1) / MOST_POINTS;
        if (together == 1) {
            return readings;
        }
        return java.util.stream.IntStream.range(0, readings.size() / together)
                .mapToObj(group -> readings.subList(group * together, (group + 1) * together))
                .map(group -> new Reading(group.get(group.size() / 2).seconds(), median(values(group))))
                .toList();
    }

    private static double slope(List<Reading> points) {
        int count = points.size();
        double[] slopes = new double[count * (count - 1) / 2];
        int pairs = 0;
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                double apart = points.get(j).seconds() - points.get(i).seconds();
                if (apart > 0) {
                    slopes[pairs++] = (points.get(j).value() - points.get(i).value()) / apart;
                }
            }
        }
        return median(Arrays.copyOf(slopes, pairs));
    }

    private static double[] values(List<Reading> readings) {
        return readings.stream().mapToDouble(Reading::value).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
