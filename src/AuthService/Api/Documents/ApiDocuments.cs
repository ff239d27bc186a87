using Microsoft.OpenApi;

namespace AuthService.Api.Documents;

/// <summary>One OpenAPI document for each surface, and Swagger UI over all of them.</summary>
internal static class ApiDocuments
{
    private const string Page = "/swagger";

    /// <summary>
    /// What Swagger UI needs and no more: its own files, its icons (which its style sheet holds as data), the one style that
    /// its script adds (by hash: it changes with the package, and a test then shows the new one) and calls to this service.
    /// </summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddApiDocuments(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        return services.AddSwaggerGen(swagger =>
        {
            foreach (var surface in ApiSurfaces.All)
                swagger.SwaggerDoc(surface.Document, new OpenApiInfo { Title = surface.Title, Version = "1" });
            swagger.AddSecurityDefinition(BearerOperations.Scheme, BearerOperations.Definition);
            swagger.OperationFilter<BearerOperations>();
            swagger.OperationFilter<OperationInputs>();
            swagger.OperationFilter<OperationBodies>();
            swagger.SupportNonNullableReferenceTypes();
            swagger.SchemaFilter<OptionalMembers>();
        });
    }

    /// <summary>On in Development, elsewhere when <c>Swagger:Enabled</c> says so.</summary>
    public static void UseApiDocuments(this WebApplication app)
    {
        if (!app.Configuration.GetValue("Swagger:Enabled", app.Environment.IsDevelopment()))
            return;
        app.Use(static (context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(Page, StringComparison.OrdinalIgnoreCase))
                context.Response.Headers.ContentSecurityPolicy = PagePolicy;
            return next(context);
        });
        app.UseSwagger();
        app.UseSignInForm(Page);
        app.UseSwaggerUI(ui =>
        {
            foreach (var surface in ApiSurfaces.All)
                ui.SwaggerEndpoint($"{Page}/{surface.Document}/swagger.json", surface.Title);
            ui.InjectStylesheet(SignInForm.StyleSheet);
            ui.InjectJavascript(SignInForm.Script, "module");
        });
    }
}
