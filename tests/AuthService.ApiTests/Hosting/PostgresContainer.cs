using Docker.DotNet;
using DotNet.Testcontainers.Builders;
using Testcontainers.PostgreSql;

namespace AuthService.ApiTests.Hosting;

/// <summary>PostgreSQL in a container, with the settings of <see cref="PostgresInstance"/>. Testcontainers removes it after the run.</summary>
internal static class PostgresContainer
{
    private const string Image = "postgres:15-alpine";

    /// <returns>The connection string. Null when Docker does not answer or the image is not available.</returns>
    public static async Task<string?> TryStartAsync()
    {
        try
        {
            var container = new PostgreSqlBuilder(Image)
                .WithCommand("-c", "max_connections=300", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
                .Build();
            await container.StartAsync();
            return container.GetConnectionString();
        }
        catch (Exception error) when (error is DockerUnavailableException or DockerApiException)
        {
            return null;
        }
    }
}
