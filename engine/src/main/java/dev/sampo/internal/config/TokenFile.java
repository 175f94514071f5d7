package dev.sampo.internal.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import dev.sampo.spi.ErrorCode;
import dev.sampo.spi.SampoException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the tokens of the API: HOCON, and so JSON too, with one list {@code tokens} of objects {@code {name, role,
 * sha256}}; a file of lines {@code tokens += {...}} is such a list.
 */
public final class TokenFile {
    private static final String TOKENS = "tokens";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-fA-F]{64}");
    private static final int MOST_TOKENS = 10_000;

    private TokenFile() {}

    /**
     * Reads the entries of a file.
     *
     * @param text what is in the file
     * @param name the name of the file, for messages
     * @throws SampoException {@link ErrorCode#CONFIG_INVALID} with all problems and their lines
     */
    public static List<TokenEntry> read(String text, String name) {
        ConfigProblems problems = new ConfigProblems();
        List<TokenEntry> entries = entries(parse(text, name), problems);
        problems.throwIfAny();
        return entries;
    }

    private static Config parse(String text, String name) {
        try {
            ConfigParseOptions options =
                    ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setOriginDescription(name);
            return ConfigFactory.parseString(text, options).resolve(ConfigResolveOptions.noSystem());
        } catch (ConfigException e) {
            throw new SampoException(
                    ErrorCode.CONFIG_INVALID,
                    "the tokens cannot be read: " + e.getMessage() + "; expected HOCON or JSON in " + name,
                    e);
        }
    }

    private static List<TokenEntry> entries(Config file, ConfigProblems problems) {
        ConfigReader root = ConfigReader.of(file.atKey("file"), "file", problems);
        List<TokenEntry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> digests = new HashSet<>();
        for (ConfigObject object : root.objects(TOKENS, MOST_TOKENS)) {
            ConfigReader reader = ConfigReader.of(object.atKey("token"), "token", problems);
            TokenEntry entry = new TokenEntry(
                    reader.string("name"),
                    reader.enumeration("role", ApiRole.class),
                    reader.string("sha256").toLowerCase(Locale.ROOT));
            reader.finish();
            if (!NAME.matcher(entry.name()).matches()) {
                reader.refuse("name", "a name of at most 64 letters, digits, '.', '_', '@' and '-'");
            } else if (!names.add(entry.name())) {
                reader.refuse("name", "a name that no other token has");
            }
            if (!DIGEST.matcher(entry.sha256()).matches()) {
                reader.refuse("sha256", "64 hexadecimal digits");
            } else if (!digests.add(entry.sha256())) {
                reader.refuse("sha256", "a token that is not in the file yet");
            }
            entries.add(entry);
        }
        root.finish();
        return entries;
    }
}
