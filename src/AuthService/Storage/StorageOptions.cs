using Microsoft.Extensions.Options;
using Npgsql;

namespace AuthService.Storage;

/// <summary><c>ConnectionStrings:Postgres</c>, read once at the start.</summary>
internal sealed class StorageOptions
{
    public string? Postgres { get; set; }
}

internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(options.Postgres ?? "");
            return ValidateOptionsResult.Success;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException)
        {
            return ValidateOptionsResult.Fail($"ConnectionStrings:Postgres is no connection string: {error.Message}");
        }
    }
}
