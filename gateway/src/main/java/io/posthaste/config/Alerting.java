package io.posthaste.config;

import java.time.Duration;

/**
 * When something lasts long enough to be told of.
 *
 * @param failingPercent share of a lane's attempts of five minutes that fail
 * @param failingAttempts fewer attempts tell nothing
 * @param backlogAge how long a due job waits
 * @param certificate how long before the end of a client certificate
 * @param pauseFailing how long a lane may bring nothing but failures before it is paused, 0 for ever
 */
public record Alerting(
        int failingPercent, int failingAttempts, Duration backlogAge, Duration certificate, Duration pauseFailing) {}
