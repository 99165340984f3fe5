package io.posthaste.admin;

import io.posthaste.job.Header;
import java.util.List;
import java.util.Map;

/**
 * One request that passed the guard.
 *
 * @param id names the request in answers and logs
 * @param target path and query as they stand on the wire
 * @param path what stands for the route's {@code {names}}
 * @param query decoded, each name at most once and known to the route
 * @param access what the caller may do
 * @param body never modified after construction
 */
record Call(
        String id,
        String method,
        String target,
        Map<String, String> path,
        Map<String, String> query,
        Access access,
        List<Header> headers,
        byte[] body) {

    /** A part of the path; the route's template has it. */
    String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("no {" + name + "} in the route's path");
        }
        return value;
    }
}
