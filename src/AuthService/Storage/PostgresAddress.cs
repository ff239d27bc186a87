using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace AuthService.Storage;

/// <summary>
/// Reads <c>ConnectionStrings:Postgres</c>. It is a connection string of Npgsql, or the address that libpq takes and hosted PostgreSQL gives:
/// <c>postgres://user:password@host:port,host:port/database?sslmode=require</c>, percent-encoded. It contains a password, so messages here repeat
/// nothing of it but the names of parameters.
/// </summary>
internal static partial class PostgresAddress
{
    private const string NoConnectionString =
        "is neither a connection string (Host=…;Username=…;Password=…;Database=…) nor an address (postgres://user:password@host:5432/database); "
        + "it is not shown, as it may hold a password";

    /// <summary>The names of libpq's parameters, and Npgsql's keywords for them.</summary>
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslmode"] = "SSL Mode",
        ["sslnegotiation"] = "SSL Negotiation",
        ["channel_binding"] = "Channel Binding",
        ["gssencmode"] = "GSS Encryption Mode",
        ["target_session_attrs"] = "Target Session Attributes",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["options"] = "Options",
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
    };

    public static string? FindFault(string text)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        return TryFill(builder, text, out var fault) ? null : fault;
    }

    /// <summary>Reads a setting in which <see cref="FindFault"/> has found no fault.</summary>
    public static NpgsqlConnectionStringBuilder Read(string text)
    {
        var builder = new NpgsqlConnectionStringBuilder();
        _ = TryFill(builder, text, out _);
        return builder;
    }

    private static bool TryFill(NpgsqlConnectionStringBuilder builder, string text, out string? fault)
    {
        fault = Scheme().Match(text) is { Success: true } scheme ? FillFromAddress(builder, text[scheme.Length..]) : FillFromString(builder, text);
        return fault is null;
    }

    private static string? FillFromString(NpgsqlConnectionStringBuilder builder, string text)
    {
        try
        {
            builder.ConnectionString = text;
            return string.IsNullOrEmpty(builder.Host) ? "names no Host" : null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            return NoConnectionString;
        }
    }

    private static string? FillFromAddress(NpgsqlConnectionStringBuilder builder, string address)
    {
        if (Address().Match(address) is not { Success: true } parts)
            return "is no address: percent-encode what is special in user, password and database (@ is %40, / is %2F, ? is %3F, # is %23, % is %25)";
        Set(builder, "Username", parts.Groups["user"]);
        Set(builder, "Password", parts.Groups["password"]);
        Set(builder, "Database", parts.Groups["database"]);
        return SetHosts(builder, parts.Groups["hosts"].Value.Split(',')) ?? SetParameters(builder, parts.Groups["parameters"].Value);
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string keyword, Group part)
    {
        if (part.Length > 0)
            builder[keyword] = Uri.UnescapeDataString(part.Value);
    }

    private static string? SetHosts(NpgsqlConnectionStringBuilder builder, string[] hosts)
    {
        foreach (var host in hosts)
        {
            if (Host().Match(host) is not { Success: true } parts || !IsPort(parts.Groups["port"].Value))
            {
                return "names a host that is none, or a port that is no number; "
                    + "what is special in user and password must be percent-encoded (@ is %40, / is %2F)";
            }

        }

        builder.Host = hosts is [""] ? "localhost" : Uri.UnescapeDataString(string.Join(',', hosts));
        return null;
    }

    private static bool IsPort(string text) =>
        text.Length == 0 || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536);

    private static string? SetParameters(NpgsqlConnectionStringBuilder builder, string parameters)
    {
        foreach (var parameter in parameters.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = parameter.Split('=', 2);
            var name = Uri.UnescapeDataString(parts[0]);
            try
            {
                var keyword = Keywords.GetValueOrDefault(name, name);
                var value = Uri.UnescapeDataString(parts.Length > 1 ? parts[1] : "");
                builder[keyword] = keyword is "SSL Mode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
            }
            catch (Exception error) when (
                error is ArgumentException or FormatException or InvalidOperationException or OverflowException or InvalidCastException)
            {
                return $"has a parameter that is unknown or has no possible value: {Configuration.SettingValue.Show(name)}";
            }
        }

        return null;
    }

    [GeneratedRegex("^postgres(?:ql)?://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scheme();

    /// <summary>Matches an address in which each percent sign begins an encoded byte.</summary>
    [GeneratedRegex(
        """
        ^(?:(?<user>(?:[^:@/?#%]|%[0-9A-Fa-f]{2})*)(?::(?<password>(?:[^:@/?#%]|%[0-9A-Fa-f]{2})*))?@)?
        (?<hosts>(?:[^@/?#%]|%[0-9A-Fa-f]{2})*)
        (?:/(?<database>(?:[^/?#%]|%[0-9A-Fa-f]{2})*))?
        (?:\?(?<parameters>(?:[^#%]|%[0-9A-Fa-f]{2})*))?$
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();

    [GeneratedRegex(@"^(?:\[[0-9A-Fa-f:.%]+\]|[\p{L}\p{Nd}_.%-]*)(?::(?<port>\d{1,5}))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Host();
}
