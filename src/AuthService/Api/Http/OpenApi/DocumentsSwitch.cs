using AuthService.Configuration;

namespace AuthService.Api.Http.OpenApi;

/// <summary>Section <c>Swagger</c>.</summary>
internal sealed class SwaggerOptions
{
    public const string Section = "Swagger";

    /// <summary>Whether Swagger UI and the OpenAPI documents are there; without it only in Development.</summary>
    [ReadAtStart]
    public bool? Enabled { get; set; }
}

/// <summary>Whether the OpenAPI documents and Swagger UI are shown: in Development, elsewhere when <c>Swagger:Enabled</c> says so.</summary>
internal static class DocumentsSwitch
{
    public const string Page = "/swagger";

    public static bool IsOn(SwaggerOptions options, IHostEnvironment environment) => options.Enabled ?? environment.IsDevelopment();
}
