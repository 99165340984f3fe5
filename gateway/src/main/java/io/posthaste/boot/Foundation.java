package io.posthaste.boot;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.posthaste.config.GatewayConfig;
import io.posthaste.metrics.DeliveryMetrics;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/** What every part of a gateway is built on. */
record Foundation(
        GatewayConfig config,
        InstantSource clock,
        RandomGenerator random,
        Scheduler timer,
        PrometheusMeterRegistry registry,
        DeliveryMetrics metrics,
        Lifecycle lifecycle) {}
