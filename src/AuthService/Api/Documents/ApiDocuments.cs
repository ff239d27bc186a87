using System.Text.Json.Nodes;
using AuthService.Api.Http.Limits;
using AuthService.Api.Http.OpenApi;
using AuthService.Configuration;
using AuthService.Principals;
using AuthService.Tokens;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AuthService.Api.Documents;

/// <summary>Publishes one OpenAPI document for each API, and Swagger UI over all of them.</summary>
internal static class ApiDocuments
{
    /// <summary>
    /// The content security policy of Swagger UI. It allows only the page's own files, its icons (data in its style sheet), calls to this service, and the one
    /// style that its script adds. That style is allowed by its hash, which changes with the package; a test then shows the new one.
    /// </summary>
    private const string PagePolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static IServiceCollection AddApiDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<SwaggerOptions>(configuration.GetSection(SwaggerOptions.Section));
        services.AddEndpointsApiExplorer();
        services.AddSingleton(_ => new MadeDocuments(ApiSurfaces.All.SelectMany(static surface => ListAddresses(surface.Document))));
        return services.AddSwaggerGen(swagger =>
        {
            foreach (var surface in ApiSurfaces.All)
                swagger.SwaggerDoc(surface.Document, new OpenApiInfo { Title = surface.Title, Version = "1", Description = surface.Description });
            swagger.AddSecurityDefinition(BearerOperations.Scheme, BearerOperations.Definition);
            swagger.AddSecurityDefinition(BearerOperations.BasicScheme, BearerOperations.BasicDefinition);
            foreach (var other in TakesOtherBearer.All)
                swagger.AddSecurityDefinition(other.Scheme, BearerOperations.DefinitionOf(other));
            swagger.OperationFilter<BearerOperations>();
            swagger.OperationFilter<OperationInputs>();
            swagger.OperationFilter<OperationBodies>();
            swagger.OperationFilter<OperationReceipts>();
            swagger.SupportNonNullableReferenceTypes();
            swagger.SchemaFilter<OptionalMembers>();
            swagger.SchemaFilter<RequiredMembers>();
            swagger.SchemaFilter<MemberDescriptions>(new ContractComments());
            swagger.MapType(typeof(Optional<>), () => new OpenApiSchema()); // OptionalMembers replaces this schema by that of the held value
            swagger.MapType<JsonObject>(() => new OpenApiSchema { Type = JsonSchemaType.Object }); // the content is WebAuthn's own JSON, described elsewhere
        });
    }

    public static void UseApiDocuments(this WebApplication app)
    {
        if (!DocumentsSwitch.IsOn(app.Services.GetRequiredService<IOptions<SwaggerOptions>>().Value, app.Environment))
            return;
        app.Use(static (context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(DocumentsSwitch.Page, StringComparison.OrdinalIgnoreCase))
                context.Response.Headers.ContentSecurityPolicy = PagePolicy;
            return next(context);
        });
        app.UseWhen(
            static context => context.Request.Path.StartsWithSegments(DocumentsSwitch.Page, StringComparison.OrdinalIgnoreCase),
            static page => page.UseAddressBudget());
        var documents = app.Services.GetRequiredService<MadeDocuments>();
        var address = app.Services.GetRequiredService<IOptionsMonitor<PublicAddressOptions>>();
        address.OnChange(_ => documents.Forget());
        app.Use(documents.ServeAsync);
        app.UseSwagger(swagger => swagger.PreSerializeFilters.Add((document, request) =>
            document.Servers = Servers(request.PathBase, address.CurrentValue.PublicAddress)));
        app.UseSignInForm(DocumentsSwitch.Page);
        app.UseSwaggerUI(ui =>
        {
            foreach (var surface in ApiSurfaces.All)
                ui.SwaggerEndpoint($"{surface.Document}/swagger.json", surface.Title); // relative to the page, at any path prefix
            ui.InjectStylesheet(SwaggerSignIn.StyleSheet);
            ui.InjectJavascript(SwaggerSignIn.Script, "module");
        });
    }

    /// <summary>
    /// Lists the servers. The first stands for the host that sent the document, as Swagger UI needs it. The second is the public address, which is right
    /// everywhere.
    /// </summary>
    private static List<OpenApiServer> Servers(PathString pathBase, string publicAddress)
    {
        var here = new OpenApiServer { Url = pathBase.HasValue ? pathBase.ToUriComponent() : "/", Description = "Where this document came from" };
        return publicAddress.Length == 0 ? [here] : [here, new OpenApiServer { Url = publicAddress, Description = "The public address" }];
    }

    private static string[] ListAddresses(string document) =>
        [$"{DocumentsSwitch.Page}/{document}/swagger.json", $"{DocumentsSwitch.Page}/{document}/swagger.yaml"];
}
