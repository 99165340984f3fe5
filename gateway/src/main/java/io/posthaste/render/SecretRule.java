package io.posthaste.render;

import io.posthaste.action.SecretUse;
import io.posthaste.job.HostPatterns;
import io.posthaste.job.Secret;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Where the secrets of a request may go: a host that data choose is not one that whoever wrote the action meant. */
final class SecretRule {
    private SecretRule() {}

    /**
     * Why they may not go there, null when they may.
     *
     * @param host as it is dialled
     * @param isLiteral whether the URL's template writes the host out
     */
    static @Nullable String breach(SecretUse use, Collection<Secret> secrets, String host, boolean isLiteral) {
        String action = switch (use) {
            case SecretUse.ToHosts to -> ofAction(to.hosts(), host, isLiteral);
            case SecretUse.None none -> "secrets may not be used";
        };
        if (action != null) {
            return action;
        }
        for (Secret secret : secrets) {
            if (!secret.hosts().isEmpty() && !secret.hosts().include(host)) {
                return "secret " + secret.name() + " may not go to " + host + ", only to " + secret.hosts();
            }
        }
        return null;
    }

    private static @Nullable String ofAction(HostPatterns hosts, String host, boolean isLiteral) {
        if (hosts.isEmpty()) {
            return isLiteral
                    ? null
                    : "secrets may not go to " + host
                            + ": data choose this host; name the hosts they may go to in secret_hosts";
        }
        return hosts.include(host) ? null : "secrets may not go to " + host + ", only to " + hosts + " (secret_hosts)";
    }
}
