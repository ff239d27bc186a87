using System.Globalization;

namespace AuthService.Benchmarks.Limits;

/// <summary>The options of the limit server. They are passed in its environment, so that no secret is on a command line.</summary>
internal sealed record LimitOptions(
    int Port, string? ConnectionString, string SigningKeyPem, string Issuer, int ConstantBytes, int ListBytes, int SessionBytes, int PromptBytes)
{
    private const string Prefix = "AUTHSERVICE_LIMIT_";

    public static LimitOptions FromEnvironment() => new(
        Number(nameof(Port)),
        Read(nameof(ConnectionString)),
        Read(nameof(SigningKeyPem))!,
        Read(nameof(Issuer))!,
        Number(nameof(ConstantBytes)),
        Number(nameof(ListBytes)),
        Number(nameof(SessionBytes)),
        Number(nameof(PromptBytes)));

    public void ToEnvironment(IDictionary<string, string?> environment)
    {
        Write(nameof(Port), $"{Port}");
        Write(nameof(ConnectionString), ConnectionString);
        Write(nameof(SigningKeyPem), SigningKeyPem);
        Write(nameof(Issuer), Issuer);
        Write(nameof(ConstantBytes), $"{ConstantBytes}");
        Write(nameof(ListBytes), $"{ListBytes}");
        Write(nameof(SessionBytes), $"{SessionBytes}");
        Write(nameof(PromptBytes), $"{PromptBytes}");

        void Write(string name, string? value) => environment[Prefix + name] = value;
    }

    private static int Number(string name) => int.Parse(Read(name)!, CultureInfo.InvariantCulture);

    private static string? Read(string name) => Environment.GetEnvironmentVariable(Prefix + name);
}
