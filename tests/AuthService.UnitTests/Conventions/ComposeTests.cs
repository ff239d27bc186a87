using System.Globalization;
using System.Text.RegularExpressions;
using AuthService.Hosting;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AuthService.UnitTests.Conventions;

/// <summary>Checks what each container of docker-compose.yml may do and see.</summary>
public sealed partial class ComposeTests
{
    private static readonly Dictionary<string, Dictionary<string, string>> Services = Read();

    [Fact]
    public void Every_container_drops_all_capabilities_and_gains_no_privileges()
    {
        Assert.All(
            ["authservice", "migrate", "secrets", "postgres", "authservice-1", "db3", "etcd"],
            name => Assert.Contains(name, Services.Keys, StringComparer.Ordinal));
        foreach (var (name, members) in Services)
        {
            Assert.True(members.GetValueOrDefault("cap_drop") is "[ALL]", $"{name} keeps capabilities");
            Assert.True(members.GetValueOrDefault("security_opt") is "[\"no-new-privileges:true\"]", $"{name} may gain privileges");
        }
    }

    /// <summary>
    /// Three volumes separate the passwords of PostgreSQL's roles, the connection string with the owner's password, and the secrets of the service
    /// itself.
    /// </summary>
    [Theory]
    [InlineData("authservice", "secrets:/run/secrets:ro")]
    [InlineData("authservice-1", "ha-secrets:/run/secrets:ro")]
    [InlineData("authservice-2", "ha-secrets:/run/secrets:ro")]
    [InlineData("migrate", "owner-secrets:/run/secrets:ro")]
    [InlineData("migrate-ha", "ha-owner-secrets:/run/secrets:ro")]
    [InlineData("postgres", "postgres-data:/var/lib/postgresql/data postgres-secrets:/run/secrets:ro")]
    [InlineData("db1", "db1-data:/var/lib/postgresql/data ha-postgres-secrets:/run/secrets:ro")]
    [InlineData("etcd", "etcd-data:/var/lib/postgresql/data")]
    public void Every_container_sees_its_own_secrets_alone(string service, string volumes)
    {
        var seen = Services[service]["volumes"].Split("- ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        Assert.Equal(volumes, string.Join(' ', seen));
    }

    /// <summary>
    /// Pages send the origin from which they were loaded, return to it, and request passkeys for it. Instances that share their secrets accept each
    /// other's tokens, so they have the same issuer.
    /// </summary>
    [Fact]
    public void Every_instance_is_used_at_the_address_at_which_it_is_published()
    {
        Assert.Equal(["authservice", "authservice-1", "authservice-2"], Instances().Select(instance => instance.Name), StringComparer.Ordinal);
        foreach (var (name, members) in Instances())
        {
            var (address, settings) = (AddressOf(members), EnvironmentOf(members));
            Assert.Contains(settings, setting => setting.Key.StartsWith("Origins__Trusted__", StringComparison.Ordinal) && setting.Value == address);
            Assert.True(settings.GetValueOrDefault("PublicAddress", settings["Jwt__Issuer"]) == address, $"{name} is not published at its public address");
            Assert.StartsWith($"{address}/", settings["LoginServices__web__Endpoint"], StringComparison.Ordinal);
            Assert.StartsWith($"{address}/", settings["AppPortal__Url"], StringComparison.Ordinal);
        }

        foreach (var together in Instances().GroupBy(instance => instance.Members["volumes"], StringComparer.Ordinal))
            Assert.Single(together.Select(instance => EnvironmentOf(instance.Members)["Jwt__Issuer"]).Distinct(StringComparer.Ordinal));
    }

    /// <summary>
    /// After the grace period Docker and Kubernetes kill the process. It must cover the drain delay and the time that .NET gives to running calls.
    /// </summary>
    [Fact]
    public void Every_instance_is_given_the_time_that_a_stop_takes()
    {
        var stop = new ShutdownOptions().DrainDelay + new HostOptions().ShutdownTimeout;
        var paper = string.Join('\n', Repository.LinesOf("src/AuthService/OPERATIONS.md"));
        var given = Instances().Select(instance => (instance.Name, Seconds: instance.Members["stop_grace_period"].TrimEnd('s')))
            .Append((Name: "Kubernetes", Seconds: GracePeriod().Match(paper).Groups["seconds"].Value));

        Assert.All(given, grace => Assert.True(
            TimeSpan.FromSeconds(int.Parse(grace.Seconds, CultureInfo.InvariantCulture)) > stop, $"{grace.Name} is killed after {grace.Seconds} s"));
    }

    /// <summary>Reads the services with their members, each on one line, also members that a service takes from another one.</summary>
    private static Dictionary<string, Dictionary<string, string>> Read()
    {
        var services = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        var anchors = new Dictionary<string, (string Service, string Member)>(StringComparer.Ordinal);
        var (service, member) = ("", "");
        foreach (var line in Lines())
        {
            if (ServiceLine().Match(line) is { Success: true } begun)
            {
                services[service = begun.Groups["name"].Value] = new(StringComparer.Ordinal);
                anchors[begun.Groups["anchor"].Value] = (service, "");
            }
            else if (MemberLine().Match(line) is { Success: true } given)
            {
                services[service][member = given.Groups["name"].Value] = given.Groups["value"].Value;
                anchors[given.Groups["anchor"].Value] = (service, member);
            }
            else
            {
                services[service][member] = $"{services[service][member]} {line.Trim()}".TrimStart();
            }
        }

        TakeOver(services, anchors);
        return services;
    }

    /// <summary>Replaces merge keys (<c>&lt;&lt;</c>) and aliases by the members that they refer to.</summary>
    private static void TakeOver(Dictionary<string, Dictionary<string, string>> services, Dictionary<string, (string Service, string Member)> anchors)
    {
        foreach (var (members, from) in services.Values.Where(members => members.ContainsKey("<<")).Select(members => (members, members["<<"][1..])))
        {
            foreach (var (name, value) in services[anchors[from].Service])
                members.TryAdd(name, value);
        }

        foreach (var members in services.Values)
        {
            foreach (var (name, alias) in members.Where(given => given.Value.StartsWith('*') && given.Key is not "<<").ToList())
                members[name] = services[anchors[alias[1..]].Service][anchors[alias[1..]].Member];
            foreach (var (name, value) in members.Where(given => given.Value.StartsWith("<<: *", StringComparison.Ordinal)).ToList())
            {
                var merged = anchors[value.Split(' ')[1][1..]];
                members[name] = $"{services[merged.Service][merged.Member]} {value}";
            }
        }
    }

    private static IEnumerable<(string Name, Dictionary<string, string> Members)> Instances() =>
        from service in Services
        where service.Value.GetValueOrDefault("image") is "authservice" && service.Value.ContainsKey("ports")
        select (service.Key, service.Value);

    private static string AddressOf(Dictionary<string, string> members) => $"http://localhost:{PublishedPort().Match(members["ports"]).Groups["port"].Value}";

    /// <summary>Gets the settings of a service when no variable of Compose is set. If a name occurs twice, the later setting counts.</summary>
    private static Dictionary<string, string> EnvironmentOf(Dictionary<string, string> members)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in Setting().Matches(members["environment"]).Cast<Match>())
            settings[setting.Groups["name"].Value] = Variable().Replace(setting.Groups["value"].Value, "${default}");
        return settings;
    }

    private static IEnumerable<string> Lines() =>
        from line in Repository.LinesOf("docker-compose.yml").SkipWhile(line => line is not "services:").Skip(1).TakeWhile(line => line is not "configs:")
        where line.Trim() is { Length: > 0 } text && text[0] is not '#'
        select Comment().Replace(line, "");

    [GeneratedRegex("^  (?<name>[a-z0-9-]+):( &(?<anchor>[a-z-]+))?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ServiceLine();

    [GeneratedRegex("^    (?<name>[a-z_<]+):( &(?<anchor>[a-z-]+))? ?(?<value>.*)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex MemberLine();

    [GeneratedRegex("terminationGracePeriodSeconds: (?<seconds>[0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex GracePeriod();

    [GeneratedRegex("\"127.0.0.1:(?<port>[0-9]+):8080\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex PublishedPort();

    [GeneratedRegex("(?<name>[A-Za-z0-9_]+): (&[a-z-]+ )?(?<value>[^ ]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Setting();

    [GeneratedRegex(@"\$\{[A-Z_]+:-(?<default>[^}]*)\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Variable();

    [GeneratedRegex(" +#.*$", RegexOptions.NonBacktracking)]
    private static partial Regex Comment();
}
