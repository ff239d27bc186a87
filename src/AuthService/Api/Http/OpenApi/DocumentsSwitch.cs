using AuthService.Configuration;

namespace AuthService.Api.Http.OpenApi;

/// <summary>Section <c>Swagger</c>: the OpenAPI documents and Swagger UI.</summary>
internal sealed class SwaggerOptions
{
    public const string Section = "Swagger";

    /// <summary>Whether Swagger UI and the OpenAPI documents are served. When missing, they are served only in Development.</summary>
    [ReadAtStart]
    public bool? Enabled { get; set; }
}

/// <summary>Decides whether the OpenAPI documents and Swagger UI are served: by <c>Swagger:Enabled</c>, or without it only in Development.</summary>
internal static class DocumentsSwitch
{
    public const string Page = "/swagger";

    public static bool IsOn(SwaggerOptions options, IHostEnvironment environment) => options.Enabled ?? environment.IsDevelopment();
}
