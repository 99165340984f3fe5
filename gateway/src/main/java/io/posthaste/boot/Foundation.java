package io.posthaste.boot;

import io.micrometer.core.instrument.MeterRegistry;
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
        MeterRegistry registry,
        DeliveryMetrics metrics,
        Lifecycle lifecycle) {}
