package dev.sampo.internal.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;

/**
 * Loads the engine's configuration. The defaults come from a private resource through the engine's own class loader:
 * the host's {@code application.conf}, its system properties and a shaded jar that lost a {@code reference.conf} do not
 * change them.
 */
public final class EngineConfig {
    private static final String REFERENCE = "dev/sampo/reference.conf";

    private EngineConfig() {}

    /**
     * Lays overrides over the defaults.
     *
     * @param overrides keys under the root {@code sampo}; may use substitutions of its own and of the defaults, but
     *     neither system properties nor the environment
     * @return the resolved whole; keys outside {@code sampo} are left as they are
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} when a substitution cannot be resolved
     */
    public static Config load(Config overrides) {
        try {
            return overrides.withFallback(reference()).resolve(ConfigResolveOptions.noSystem());
        } catch (ConfigException e) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID, "The configuration cannot be resolved: " + e.getMessage(), e);
        }
    }

    /** Returns the defaults alone. */
    static Config reference() {
        return ConfigFactory.parseResources(
                EngineConfig.class.getClassLoader(),
                REFERENCE,
                ConfigParseOptions.defaults().setAllowMissing(false));
    }
}
