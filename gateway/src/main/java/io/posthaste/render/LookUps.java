package io.posthaste.render;

import io.posthaste.job.Secret;
import io.posthaste.job.SecretValues;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What rendering asks others for. None of them waits.
 *
 * @param secrets a secret by its name, or null
 * @param snippets the Liquid source of a snippet by its name, or null
 * @param hostOf the host that a rendered URL is dialled at, or null when it cannot be dialled
 */
public record LookUps(
        Function<String, @Nullable Secret> secrets,
        Function<String, @Nullable String> snippets,
        Function<String, @Nullable String> hostOf) {

    /** The same with a placeholder for every secret. */
    public LookUps masked() {
        return new LookUps(name -> placeholder(secrets.apply(name)), snippets, hostOf);
    }

    private static @Nullable Secret placeholder(@Nullable Secret secret) {
        return secret == null ? null : new Secret(secret.name(), SecretValues.MASK, secret.hosts());
    }
}
