import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginBundle;
import org.elasticsearch.plugins.PluginsLoader;

/** One Elasticsearch node for tests: settings are the arguments, and it ends when its standard input does. */
public final class Launcher {
    public static void main(String[] arguments) {
        endWithOurParent();
        try {
            start(arguments);
        } catch (Throwable problem) {
            problem.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    @SuppressWarnings("resource")
    private static void start(String[] arguments) throws Exception {
        LogConfigurator.configureESLogging();
        Settings.Builder settings = Settings.builder();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            settings.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        Path home = Path.of(settings.get("path.home"));
        Environment environment =
            InternalSettingsPreparer.prepareEnvironment(settings.build(), Map.of(), home.resolve("config"), () -> "test");
        LogConfigurator.configure(environment, true);
        PluginsLoader plugins =
            PluginsLoader.createPluginsLoader(modules(home.resolve("modules")), Set.of(), Map.of());
        new Node(environment, plugins).start();
    }

    /**
     * A pipe from the test run is closed however that run ends, even by a kill that nothing can catch. This thread
     * also keeps the node up: all of its own are daemons.
     */
    private static void endWithOurParent() {
        new Thread(() -> {
            try {
                while (System.in.read() >= 0) {}
            } catch (java.io.IOException gone) {
                // The same as its end.
            }
            Runtime.getRuntime().halt(0);
        }).start();
    }

    /** The bundles of the modules folder; Elasticsearch 9 asks a second question, whether to read licence files. */
    @SuppressWarnings("unchecked")
    private static Set<PluginBundle> modules(Path folder) throws ReflectiveOperationException {
        for (var method : PluginsLoader.class.getMethods()) {
            if (method.getName().equals("loadModulesBundles")) {
                Object[] arguments = method.getParameterCount() == 1 ? new Object[] {folder} : new Object[] {folder, false};
                return (Set<PluginBundle>) method.invoke(null, arguments);
            }
        }
        throw new NoSuchMethodException("loadModulesBundles");
    }
}
