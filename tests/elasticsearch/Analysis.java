import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.LengthFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.miscellaneous.StemmerOverrideFilter;
import org.apache.lucene.analysis.miscellaneous.StemmerOverrideFilter.StemmerOverrideMap;
import org.apache.lucene.analysis.miscellaneous.TruncateTokenFilter;
import org.apache.lucene.analysis.pattern.PatternTokenizer;
import org.apache.lucene.analysis.pattern.SimplePatternSplitTokenizer;
import org.apache.lucene.analysis.pattern.SimplePatternTokenizer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.elasticsearch.index.analysis.AnalyzerProvider;
import org.elasticsearch.index.analysis.AnalyzerScope;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.PreBuiltAnalyzerProvider;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;
import org.tartarus.snowball.ext.EnglishStemmer;

/**
 * What Elasticsearch's own module analysis-common offers under these names, as far as our settings use it: that
 * module is not on Maven Central, but the Lucene classes behind it are.
 */
public final class Analysis extends Plugin implements AnalysisPlugin {
    private static final Map<String, UnaryOperator<TokenStream>> STEMMERS = Map.of(
        "english", PorterStemFilter::new,
        "light_english", KStemFilter::new,
        "minimal_english", EnglishMinimalStemFilter::new,
        "porter2", tokens -> new SnowballFilter(tokens, new EnglishStemmer()),
        "possessive_english", EnglishPossessiveFilter::new);

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of(
            "keyword", (index, environment, name, settings) -> tokenizer(name, KeywordTokenizer::new),
            "pattern", (index, environment, name, settings) -> {
                Pattern pattern = Pattern.compile(settings.get("pattern", "\\W+"));
                int group = settings.getAsInt("group", -1);
                return tokenizer(name, () -> new PatternTokenizer(pattern, group));
            },
            "simple_pattern", (index, environment, name, settings) ->
                tokenizer(name, () -> new SimplePatternTokenizer(settings.get("pattern", ""))),
            "simple_pattern_split", (index, environment, name, settings) ->
                tokenizer(name, () -> new SimplePatternSplitTokenizer(settings.get("pattern", ""))),
            "whitespace", (index, environment, name, settings) -> tokenizer(name, WhitespaceTokenizer::new));
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        Map<String, AnalysisProvider<TokenFilterFactory>> filters = new HashMap<>();
        filters.put("asciifolding", (index, environment, name, settings) -> {
            boolean keep = settings.getAsBoolean("preserve_original", false);
            return new Normalizing(name, tokens -> new ASCIIFoldingFilter(tokens, keep));
        });
        filters.put("length", (index, environment, name, settings) -> {
            int least = settings.getAsInt("min", 0);
            int most = settings.getAsInt("max", Integer.MAX_VALUE);
            return new Filter(name, tokens -> new LengthFilter(tokens, least, most));
        });
        filters.put("lowercase", (index, environment, name, settings) -> new Normalizing(name, LowerCaseFilter::new));
        filters.put("porter_stem", (index, environment, name, settings) -> new Filter(name, PorterStemFilter::new));
        filters.put("remove_duplicates", (index, environment, name, settings) ->
            new Filter(name, RemoveDuplicatesTokenFilter::new));
        filters.put("stemmer", (index, environment, name, settings) -> {
            String language = settings.get("language", settings.get("name", "english"));
            if (!STEMMERS.containsKey(language)) {
                throw new IllegalArgumentException("the tests' stand-in knows no stemmer [" + language + "]");
            }
            return new Filter(name, STEMMERS.get(language));
        });
        filters.put("stemmer_override", AnalysisPlugin.requiresAnalysisSettings((index, environment, name, settings) -> {
            StemmerOverrideMap stems = overrides(settings.getAsList("rules"));
            return new Filter(name, tokens -> new StemmerOverrideFilter(tokens, stems));
        }));
        filters.put("truncate", AnalysisPlugin.requiresAnalysisSettings((index, environment, name, settings) -> {
            int length = settings.getAsInt("length", 10);
            return new Filter(name, tokens -> new TruncateTokenFilter(tokens, length));
        }));
        return filters;
    }

    @Override
    public Map<String, AnalysisProvider<AnalyzerProvider<? extends Analyzer>>> getAnalyzers() {
        return Map.of("english", (index, environment, name, settings) ->
            new PreBuiltAnalyzerProvider(name, AnalyzerScope.INDEX, new EnglishAnalyzer()));
    }

    /** Rules as `organised, organized => organis`. */
    private static StemmerOverrideMap overrides(List<String> rules) throws IOException {
        StemmerOverrideFilter.Builder builder = new StemmerOverrideFilter.Builder(false);
        for (String rule : rules) {
            String[] sides = rule.split("=>", 2);
            for (String word : sides[0].split(",")) {
                builder.add(word.strip(), sides[1].strip());
            }
        }
        return builder.build();
    }

    private static TokenizerFactory tokenizer(String name, Supplier<Tokenizer> supplier) {
        return TokenizerFactory.newFactory(name, supplier);
    }

    private record Filter(String name, UnaryOperator<TokenStream> wrap) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream tokens) {
            return wrap.apply(tokens);
        }
    }

    /** A filter that Elasticsearch also lets a keyword field's normalizer use. */
    private record Normalizing(String name, UnaryOperator<TokenStream> wrap) implements NormalizingTokenFilterFactory {
        @Override
        public TokenStream create(TokenStream tokens) {
            return wrap.apply(tokens);
        }
    }
}
