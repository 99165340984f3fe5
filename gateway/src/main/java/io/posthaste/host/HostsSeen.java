package io.posthaste.host;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What gateways know of hosts.
 *
 * @param gateway who answers
 * @param alive all that share the keyspace
 * @param byGateway what those tell that were heard; of the others it is what they find most worth telling
 */
public record HostsSeen(String gateway, List<String> alive, Map<String, List<HostReport>> byGateway) {
    /** Over how long attempts are counted, the minute that runs left out. */
    public static final Duration WINDOW = Duration.ofMinutes(5);

    /** In what order hosts are listed. */
    public enum Order {
        TROUBLE,
        TRAFFIC,
        NAME
    }

    /**
     * Each host once, as all gateways see it together.
     *
     * @param part of its name, in lower case; empty for any
     */
    public List<HostReport> all(String part, Order order, long now) {
        Map<String, HostReport> hosts = new TreeMap<>();
        byGateway.values().stream()
                .flatMap(List::stream)
                .filter(report -> report.host().toLowerCase(Locale.ROOT).contains(part))
                .forEach(report -> hosts.merge(report.host(), report, HostReport::and));
        Comparator<HostReport> sorted = switch (order) {
            case TROUBLE -> HostReport.byTrouble(now);
            case TRAFFIC -> HostReport.BY_TRAFFIC;
            case NAME -> Comparator.comparing(HostReport::host);
        };
        return hosts.values().stream().sorted(sorted).toList();
    }

    /** One host as each gateway sees it that knows it, by their names. */
    public Map<String, HostReport> of(String host) {
        Map<String, HostReport> views = new TreeMap<>();
        byGateway.forEach((gateway, reports) -> reports.stream()
                .filter(report -> report.host().equals(host))
                .forEach(report -> views.merge(gateway, report, HostReport::and)));
        return views;
    }
}
