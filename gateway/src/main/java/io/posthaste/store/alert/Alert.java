package io.posthaste.store.alert;

/**
 * A trouble that lasts.
 *
 * @param subject the lane or the connection
 * @param reason one line for people
 * @param sinceMillis epoch milliseconds; 0 when it just began
 */
public record Alert(Kind kind, String subject, String reason, long sinceMillis) {
    /** What can go wrong, as reporting webhooks call it. */
    public enum Kind {
        LANE_PAUSED("lane", "lane_paused", ""),
        LANE_FAILING("lane", "lane_failing", "lane_recovered"),
        BACKLOG_OLD("lane", "backlog_old", ""),
        CERTIFICATE_EXPIRING("connection", "certificate_expiring", "");

        private final String object;
        private final String begins;
        private final String ends;

        Kind(String object, String begins, String ends) {
            this.object = object;
            this.begins = begins;
            this.ends = ends;
        }

        /** What kind of subject it has. */
        public String object() {
            return object;
        }

        /** The event of its beginning. */
        public String begins() {
            return begins;
        }

        /** The event of its end, empty for none. */
        public String ends() {
            return ends;
        }
    }

    public static Alert of(Kind kind, String subject, String reason) {
        return new Alert(kind, subject, reason, 0);
    }

    /** The same trouble has the same. */
    public String key() {
        return kind.begins() + ":" + subject;
    }
}
