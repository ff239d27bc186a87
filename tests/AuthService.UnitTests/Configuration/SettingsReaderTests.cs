using AuthService.Configuration;
using AuthService.Delegation;
using AuthService.Hosting;
using AuthService.SignIn;
using AuthService.Tokens;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthService.UnitTests.Configuration;

/// <summary>Each value is either read exactly or reported as invalid. None is ignored.</summary>
public sealed class SettingsReaderTests
{
    [Fact]
    public void What_can_be_read_is_read()
    {
        var options = Read(("On", "TRUE"), ("Count", "-7"), ("Word", "second"), ("Wait", "1.00:00:00"), ("At", "2026-12-26T12:00:00+01:00"),
            ("Maybe", "00:00:01"), ("Texts:0", "a"), ("Texts:7", "b"), ("Entries:0:On", "false"), ("Named:x:0", "c"), ("Text", "\n"));

        Assert.Equal(
            (true, -7, Word.Second, TimeSpan.FromDays(1), TimeSpan.FromSeconds(1)),
            (options.On, options.Count, options.Word, options.Wait, options.Maybe));
        Assert.Equal(new DateTimeOffset(2026, 12, 26, 11, 0, 0, TimeSpan.Zero), options.At);
        Assert.Equal(["a", "b"], options.Texts);
        Assert.False(Assert.Single(options.Entries).On);
        Assert.Equal(["c"], options.Named["x"]);
    }

    [Theory]
    [InlineData("2026-12-26T12:00:00.5Z")]
    [InlineData("2026-12-26T12:00:00.500000000Z")]
    [InlineData("2026-12-26T12:00:00.5000000000000000000000001Z")]
    public void A_time_may_have_any_number_of_fractional_digits(string time) =>
        Assert.Equal(new DateTimeOffset(2026, 12, 26, 12, 0, 0, 500, TimeSpan.Zero), Read(("On", "true"), ("At", time)).At);

    [Theory]
    [InlineData("On", "yes")]
    [InlineData("On", "1")]
    [InlineData("On", "")]
    [InlineData("On", null)]
    [InlineData("Count", "twelve")]
    [InlineData("Count", "0x10")]
    [InlineData("Count", "1.0")]
    [InlineData("Count", "99999999999")]
    [InlineData("Count", " ")]
    [InlineData("Word", "third")]
    [InlineData("Word", "1")]
    [InlineData("Word", "First,Second")]
    [InlineData("Wait", "10m")]
    [InlineData("Wait", "600")]
    [InlineData("Wait", "24:00:00")]
    [InlineData("Wait", "00:00:00")]
    [InlineData("Wait", "3.00:00:00")]
    [InlineData("Maybe", "")]
    [InlineData("Maybe", "soon")]
    [InlineData("At", "2026-12-26T12:00:00")]
    [InlineData("At", "2026-12-26")]
    [InlineData("At", "12/26/2026 12:00:00 +00:00")]
    [InlineData("At", "Sat Dec 26 12:00:00 UTC 2026")]
    [InlineData("At", "2026-13-26T12:00:00Z")]
    [InlineData("At", "")]
    [InlineData("Texts", "a,b")]
    [InlineData("Texts:first", "a")]
    [InlineData("Texts:-1", "a")]
    [InlineData("Texts:0", "")]
    [InlineData("Texts:0:0", "a")]
    [InlineData("Entries:0:On", "yes")]
    [InlineData("Entries:0", "true")]
    [InlineData("Entries", "true")]
    [InlineData("Entries:1:At", "tomorrow")]
    [InlineData("Named:x:0", "")]
    [InlineData("Named:x", "c")]
    [InlineData("Named", "x")]
    [InlineData("Text:0", "a")]
    [InlineData("Count:0", "1")]
    public void What_cannot_be_read_is_named_once(string key, string? value)
    {
        var fault = Assert.Single(Faults(("Word", "First"), (key, value)));

        Assert.StartsWith($"Test:{key.Split(':')[0]}", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void Every_fault_is_named_at_once_with_its_value()
    {
        var faults = Faults(("On", "maybe"), ("Entries:3:On", "perhaps"), ("Named:x:1", " "), ("Wait", "600"));

        Assert.Equal(4, faults.Count);
        string[] starts =
        [
            "Test:On must be true or false, it is \"maybe\"", "Test:Entries:3:On must be true or false, it is \"perhaps\"", "Test:Named:x:1 is empty",
        ];
        Assert.All(starts, start =>
            Assert.Single(faults, fault => fault.StartsWith(start, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Secret:0")]
    [InlineData("Entries:0")]
    [InlineData("Texts")]
    [InlineData("SecretCount")]
    public void What_may_be_secret_is_not_shown(string key) =>
        Assert.DoesNotContain("Canary", Assert.Single(Faults((key, "Canary"))), StringComparison.Ordinal);

    [Fact]
    public void A_value_cannot_begin_a_line_or_fill_the_screen()
    {
        var fault = Assert.Single(Faults(("On", "no\r\ninfo: forged\u001b[2J" + new string('x', 10_000))));

        Assert.DoesNotContain(fault, char.IsControl);
        Assert.InRange(fault.Length, 1, 300);
    }

    [Fact]
    public void What_no_option_is_for_is_found()
    {
        var section = Section(("Wait", "00:01:00"), ("Wiat", "00:01:00"), ("Entries:0:Onn", "true"), ("Named:any:0", "x"));

        Assert.Equal("Test:Entries:0:Onn Test:Wiat", string.Join(' ', SettingsReader.FindUnknown(section, typeof(TestOptions)).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_login_service_of_an_unknown_mode_is_not_dropped()
    {
        var configuration = Configuration(("LoginServices:web:Mode", "Webb"), ("LoginServices:web:Lifetime", "8h"));

        var faults = SettingsReader.FindFaults(configuration.GetSection("LoginServices"), typeof(LoginServiceOptions));

        var keys = faults.Select(fault => fault.Split(' ')[0]).Order(StringComparer.Ordinal);
        Assert.Equal("LoginServices:web:Lifetime LoginServices:web:Mode", string.Join(' ', keys));
    }

    [Fact]
    public void A_faulty_change_keeps_the_old_settings_and_is_known_until_it_is_mended()
    {
        var configuration = Configuration(("Test:Entries:0:On", "true"), ("Test:Wait", "00:01:00"));
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration)
            .AddLastGoodSettings().AddSettings<TestOptions>(configuration.GetSection("Test")).BuildServiceProvider();
        var (options, state) = (services.GetRequiredService<IOptionsMonitor<TestOptions>>(), services.GetRequiredService<RefusedSettings>());
        Assert.Single(options.CurrentValue.Entries);

        configuration["Test:Entries:0:On"] = "maybe";
        configuration.Reload();

        Assert.Single(options.CurrentValue.Entries);
        Assert.Single(services.GetRequiredService<IOptions<TestOptions>>().Value.Entries);
        Assert.Contains("Test:Entries:0:On", Assert.Single(state.Faults), StringComparison.Ordinal);

        configuration["Test:Entries:0:On"] = "false";
        configuration.Reload();

        Assert.False(Assert.Single(options.CurrentValue.Entries).On);
        Assert.Empty(state.Faults);
    }

    /// <summary>The reader would ignore a setting of a type that it does not know.</summary>
    [Fact]
    public void Every_setting_of_the_service_is_of_a_kind_that_is_read_and_every_duration_has_bounds()
    {
        var types = new Queue<Type>(typeof(JwtOptions).Assembly.GetTypes()
            .Where(type => type != typeof(TelemetryOptions)) // its names are those of the OpenTelemetry specification
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && type.Namespace!.StartsWith("AuthService", StringComparison.Ordinal)));
        var seen = new HashSet<Type>();
        while (types.TryDequeue(out var type))
        {
            if (!seen.Add(type) || SettingValue.IsSingle(type))
                continue;
            if (SettingsShape.EntryOf(type) is { } entry)
            {
                types.Enqueue(entry);
                continue;
            }

            var members = SettingsShape.MembersOf(type).ToArray();
            Assert.True(members.Length > 0, $"{type} has no settings");
            Assert.All(members.Where(member => SettingValue.Plain(member.PropertyType) == typeof(TimeSpan)), member =>
                Assert.True(Attribute.IsDefined(member, typeof(DurationAttribute)), $"{type.Name}.{member.Name} has no bounds"));
            Array.ForEach(members, member => types.Enqueue(member.PropertyType));
        }

        Assert.Contains(typeof(ExtensionOptions), seen);
        Assert.Contains(typeof(SigningKeyOptions), seen);
    }

    private static TestOptions Read(params (string Key, string? Value)[] settings)
    {
        using var services = new ServiceCollection().AddSettings<TestOptions>(Section(settings)).BuildServiceProvider();
        return services.GetRequiredService<IOptions<TestOptions>>().Value;
    }

    private static IReadOnlyList<string> Faults(params (string Key, string? Value)[] settings) =>
        SettingsReader.FindFaults(Section(settings), typeof(TestOptions));

    private static IConfigurationSection Section(params (string Key, string? Value)[] settings) =>
        Configuration([.. settings.Select(setting => ($"Test:{setting.Key}", setting.Value))]).GetSection("Test");

    private static IConfigurationRoot Configuration(params (string Key, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.GroupBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)
            .Select(group => new KeyValuePair<string, string?>(group.Key, group.Last().Value)))
        .Build();

    private enum Word
    {
        First,
        Second,
    }

    private sealed class TestOptions
    {
        public bool On { get; set; }

        public int Count { get; set; }

        public Word Word { get; set; }

        [Duration("2.00:00:00", atLeast: "00:00:01")]
        public TimeSpan Wait { get; set; }

        public TimeSpan? Maybe { get; set; }

        public DateTimeOffset At { get; set; }

        public string? Text { get; set; }

        [Secret]
        public string? Secret { get; set; }

        [Secret]
        public int SecretCount { get; set; }

        public IList<string> Texts { get; } = [];

        public IList<TestEntry> Entries { get; } = [];

        public Dictionary<string, string[]> Named { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal);
    }

    private sealed class TestEntry
    {
        public bool On { get; set; }

        public DateTimeOffset? At { get; set; }
    }
}
